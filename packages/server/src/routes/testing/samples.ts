import { LIMITS } from "@holdpoint/protocol";
import { digestContent } from "@holdpoint/protocol/escrow";
import { typeidUnboxed } from "typeid-js";
import { SigningAgent } from "../escrows/testing/agent.js";
import { KeyPair, LeaseHolder, makeProof } from "./lease-holder.js";
import {
  newAction,
  newObservations,
  newPurchase,
  newRecords,
  newRequest,
  newState,
  type World,
} from "./world.js";

/** One well-formed call of an operation, on things of the home project that the agent or Ada made. */
export interface Sample {
  readonly path: string;
  readonly body?: unknown;
  /** A proof, where the operation asks for one with any credential. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** How to make a well-formed call of each operation, by its id. */
export const samples: Readonly<Record<string, (world: World) => Promise<Sample> | Sample>> = {
  createRequest: () => ({ path: "/v1/requests", body: newRequest() }),
  listRequests: () => ({ path: "/v1/requests" }),
  getRequest: async (world) => ({ path: `/v1/requests/${(await world.ask()).id}` }),
  listRequestEvents: async (world) => ({ path: `/v1/requests/${(await world.ask()).id}/events` }),
  cancelRequest: async (world) => ({ path: `/v1/requests/${(await world.ask()).id}/cancel` }),
  decideRequest: async (world) => ({
    path: `/v1/requests/${(await world.ask()).id}/decision`,
    body: { decision: "approve", revision: 1 },
  }),
  getReceipt: async (world) => ({ path: `/v1/receipts/${await receiptOf(world)}` }),
  listReceipts: () => ({ path: "/v1/receipts" }),
  listSigningKeys: () => ({ path: "/.well-known/jwks.json" }),
  async rotateSigningKey(world) {
    const { body } = await world.call("GET", "/.well-known/jwks.json");
    return { path: "/v1/signing-keys/rotate", body: { kid: body.keys[0].kid } };
  },
  getCheckpoint: () => ({ path: "/v1/log/checkpoint" }),
  async getTile(world) {
    await world.call("GET", `/v1/receipts/${await receiptOf(world)}`, { as: "agent" });
    return { path: "/v1/log/tile/0/000.p/1" };
  },
  claimExecution: async (world) => {
    const { id, grant } = await world.askApproved();
    return {
      path: `/v1/requests/${id}/executions`,
      body: {
        id: typeidUnboxed("exe"),
        grant_id: grant?.id,
        approved_digest: grant?.approved_digest,
      },
    };
  },
  getExecution: async (world) => ({ path: `/v1/executions/${(await world.claim()).id}` }),
  renewExecution: async (world) => ({
    path: `/v1/executions/${(await world.claim()).id}/renew`,
    body: { fencing_token: 1 },
  }),
  commitExecution: async (world) => ({
    path: `/v1/executions/${(await world.claim()).id}/commit`,
    body: { fencing_token: 1, result: { rows: 12 } },
  }),
  failExecution: async (world) => ({
    path: `/v1/executions/${(await world.claim()).id}/fail`,
    body: { fencing_token: 1, error: { message: "gone" } },
  }),
  async reconcileExecution(world) {
    const { id } = await world.claim();
    world.clock.advance(LIMITS.defaultLeaseMs);
    return {
      path: `/v1/executions/${id}/reconcile`,
      body: { outcome: "committed", evidence: { provider_record: "ch_8841" } },
    };
  },
  registerAgentKey: async (world) => {
    const agent = await SigningAgent.create(world, "agent", { isRegistered: false });
    return { path: "/v1/agent-keys", body: await agent.registration() };
  },
  async listAgentKeys(world) {
    await signingAgent(world, "agent");
    return { path: "/v1/agent-keys" };
  },
  registerAction() {
    const manifest = newAction();
    return { path: `/v1/actions/${manifest.id}`, body: manifest };
  },
  listActions: () => ({ path: "/v1/actions" }),
  getAction: async (world) => ({ path: `/v1/actions/${await actionOf(world)}` }),
  listActionVersions: async (world) => ({ path: `/v1/actions/${await actionOf(world)}/versions` }),
  getActionEgress: async (world) => ({ path: `/v1/actions/${await actionOf(world)}/egress` }),
  withdrawAction: async (world) => ({ path: `/v1/actions/${await actionOf(world)}/withdraw` }),
  async executeAction(world) {
    const action = await heldActionOf(world);
    const body = { id: typeidUnboxed("req"), parameters: { subject: "It does not start." } };
    return { path: `/v1/actions/${action}/execute`, body };
  },
  async getApproval(world) {
    const action = await heldActionOf(world);
    const holder = await LeaseHolder.create(world);
    const body = { id: typeidUnboxed("req"), parameters: { subject: "It does not start." } };
    await holder.call("POST", `/v1/actions/${action}/execute`, body);
    return { path: `/v1/approvals/${body.id}` };
  },
  setSecret: () => ({ path: "/v1/secrets/API_TOKEN", body: { value: "the-token" } }),
  listSecrets: () => ({ path: "/v1/secrets" }),
  async removeSecret(world) {
    const path = "/v1/secrets/OLD_TOKEN";
    await world.call("PUT", path, { as: "admin", body: { value: "the-token" } });
    return { path };
  },
  createWasmModule: () => ({ path: "/v1/wasm-modules", body: { module: "AGFzbQEAAAA=" } }),
  async openEscrow(world) {
    const { payer, payee } = await escrowParties(world);
    return { path: "/v1/escrows", body: await payer.opening(payee) };
  },
  async listEscrows(world) {
    await openEscrow(world);
    return { path: "/v1/escrows" };
  },
  getEscrow: async (world) => ({ path: `/v1/escrows/${(await openEscrow(world)).escrow.id}` }),
  async fulfilEscrow(world) {
    const { payee, escrow } = await openEscrow(world, "otherAgent", "agent");
    const result = "done";
    const step = await payee.step("fulfil", escrow, { result_digest: await digestContent(result) });
    return { path: `/v1/escrows/${escrow.id}/fulfil`, body: { step, result } };
  },
  async releaseEscrow(world) {
    const { payer, payee, escrow } = await openEscrow(world);
    const { body: fulfilled } = await payee.fulfil(escrow);
    const step = await payer.step("release", fulfilled);
    return { path: `/v1/escrows/${escrow.id}/release`, body: { step } };
  },
  async disputeEscrow(world) {
    const { payer, escrow } = await openEscrow(world);
    const step = await payer.step("dispute", escrow);
    return { path: `/v1/escrows/${escrow.id}/dispute`, body: { step } };
  },
  createPurchase: () => ({ path: "/v1/purchases", body: newPurchase() }),
  listPurchases: () => ({ path: "/v1/purchases" }),
  getPurchase: async (world) => ({ path: `/v1/purchases/${await boughtBy(world)}` }),
  confirmPurchase: async (world) => ({
    path: `/v1/purchases/${(await world.buyApproved()).id}/confirm`,
    body: { success: true },
  }),
  async refundPurchase(world) {
    const { id, amount } = await world.buyApproved();
    const body = { success: true };
    await world.call("POST", `/v1/purchases/${id}/confirm`, { as: "agent", body });
    return { path: `/v1/purchases/${id}/refund`, body: { id: typeidUnboxed("rfd"), amount } };
  },
  setSpendPolicy: async (world) => ({
    path: "/v1/spend-policies",
    body: { agent_id: await otherAgentOf(world), policy: { currency: "CHF" } },
  }),
  listSpendPolicies: () => ({ path: "/v1/spend-policies" }),
  trySpendPolicy: () => ({ path: "/v1/spend-policies/try", body: { policy: { currency: "CHF" } } }),
  async setPolicy(world) {
    const body = { text: "// people decide", base_revision: await policyRevisionOf(world) };
    await world.call("PUT", "/v1/policies", { as: "admin", body });
    return { path: "/v1/policies", body: { ...body, base_revision: body.base_revision + 1 } };
  },
  listPolicies: () => ({ path: "/v1/policies" }),
  checkPolicy: () => ({ path: "/v1/policies/check", body: { text: ALLOW_ALL } }),
  tryPolicy: () => ({ path: "/v1/policies/try", body: { text: ALLOW_ALL } }),
  explainPolicy: async (world) => ({
    path: "/v1/policies/explain",
    body: { request_id: (await world.ask()).id },
  }),
  listPolicySuggestions: () => ({ path: "/v1/policy-suggestions" }),
  setKillSwitch: async (world) => ({
    path: "/v1/kill-switches",
    body: { agent_id: await otherAgentOf(world), stopped: true, reason: "It runs wild." },
  }),
  listKillSwitches: () => ({ path: "/v1/kill-switches" }),
  setBudget: () => ({ path: "/v1/budgets", body: newBudget() }),
  listBudgets: () => ({ path: "/v1/budgets" }),
  listLedgerEntries: async (world) => ({ path: `/v1/budgets/${await budgetOf(world)}/entries` }),
  getBurnDown: async (world) => ({ path: `/v1/budgets/${await budgetOf(world)}/burn-down?days=2` }),
  async createOrganisation(world) {
    await dissolve(world);
    return { path: "/v1/organisations", body: newOrganisation(world) };
  },
  listOrganisations: () => ({ path: "/v1/organisations" }),
  async changeOrganisation(world) {
    await dissolve(world);
    const body = newOrganisation(world);
    const made = await world.call("POST", "/v1/organisations", { as: "admin", body });
    return { path: `/v1/organisations/${made.body.id}`, body: { ...body, name: "Acme II" } };
  },
  createState: () => ({ path: "/v1/states", body: newState() }),
  getState: async (world) => ({ path: `/v1/states/${(await world.park()).id}` }),
  uploadBlob: async (world) => ({ path: await world.reserve(), body: "encrypted" }),
  downloadBlob: async (world) => ({ path: (await world.park()).path }),
  putRecords: () => ({ path: "/v1/records", body: newRecords() }),
  async listRecords(world) {
    await world.call("POST", "/v1/records", { as: "agent", body: newRecords() });
    return { path: "/v1/records?prefix=thread" };
  },
  removeRecords: () => ({ path: "/v1/records?prefix=thread" }),
  createObservations: () => ({ path: "/v1/observations", body: newObservations() }),
  async listObservations(world) {
    await world.call("POST", "/v1/observations", { as: "agent", body: newObservations() });
    return { path: "/v1/observations" };
  },
  async listShieldProfiles(world) {
    await observe(world);
    return { path: "/v1/shield" };
  },
  getShieldProfile: async (world) => ({ path: await profileOf(world) }),
  setShieldMode: async (world) => ({
    path: `${await profileOf(world)}/mode`,
    body: { mode: "shadow" },
  }),
  setShieldSettings: async (world) => ({
    path: `${await profileOf(world)}/settings`,
    body: { base_revision: 0, hold_one_in: 50, rules: { velocity: { max_per_minute: 60 } } },
  }),
  listShieldRuns: async (world) => ({ path: `${await profileOf(world)}/runs?limit=5` }),
  listShieldSteps: async (world) => ({ path: `${await profileOf(world)}/steps?limit=5` }),
  async reviewShieldStep(world) {
    const step_id = await observe(world);
    return { path: "/v1/shield/backups/reviews", body: { step_id, answer: "usual" } };
  },
  streamEvents: () => ({ path: "/v1/events" }),
  getIdentity: () => ({ path: "/v1/me" }),
  listProjects: () => ({ path: "/v1/projects" }),
  createProject: () => ({ path: "/v1/projects", body: { name: "New" } }),
  createLease: (world) => proven(world, "/v1/leases", { ttl_seconds: 600 }),
  listLeases: () => ({ path: "/v1/leases" }),
  async revokeLease(world) {
    const { lease } = await LeaseHolder.create(world);
    return { path: `/v1/leases/${lease.id}/revoke` };
  },
  getAuthority: () => ({ path: "/v1/authority" }),
  // Frozen, nobody could do anything else: see authority.test.ts.
  setAuthority: () => ({ path: "/v1/authority", body: { frozen: false } }),
  createEnrolment: () => ({ path: "/v1/enrolments", body: { agent: "db-agent" } }),
  enrolAgent: async (world) =>
    proven(world, "/v1/agent-identities", { code: await enrolmentCode(world) }),
  listAgentIdentities: () => ({ path: "/v1/agent-identities" }),
  async revokeAgentIdentity(world) {
    const { path, body, headers } = proven(world, "/v1/agent-identities", {
      code: await enrolmentCode(world),
    });
    const enrolled = await world.call("POST", path, { body, ...(headers && { headers }) });
    return { path: `${path}/${enrolled.body.id}/revoke` };
  },
  async getAgent(world) {
    return { path: `/v1/agents/${await agentIdOf(world)}` };
  },
  async setAgentLimits(world) {
    return {
      path: `/v1/agents/${await agentIdOf(world)}/limits`,
      body: { max_calls_per_day: 1_000_000 },
    };
  },
  listAgents: () => ({ path: "/v1/agents" }),
  listApiKeys: () => ({ path: "/v1/api-keys" }),
  createApiKey: () => ({ path: "/v1/api-keys", body: { agent: "new-agent" } }),
  async revokeApiKey(world) {
    const { id } = await world.controlPlane.admin.createApiKey(world.projectId, { agent: "spare" });
    return { path: `/v1/api-keys/${id}/revoke` };
  },
  listOperators: () => ({ path: "/v1/operators" }),
  inviteOperator: () => ({
    path: "/v1/operators",
    body: { email: `${typeidUnboxed("usr")}@example.com`, roles: ["viewer"] },
  }),
  changeOperator: async (world) => ({
    path: `/v1/operators/${await world.invite("viewer", "changed")}`,
    body: { roles: ["approver"] },
  }),
  removeOperator: async (world) => ({
    path: `/v1/operators/${await world.invite("viewer", "leaving")}`,
  }),
  createSignInLink: async (world) => ({
    path: `/v1/operators/${await world.invite("viewer", "returning")}/sign-in-link`,
  }),
  listOperatorTokens: () => ({ path: "/v1/operator-tokens" }),
  createOperatorToken: () => ({ path: "/v1/operator-tokens", body: { name: "laptop" } }),
  async revokeOperatorToken(world) {
    const { admin } = world.controlPlane;
    const { id } = await admin.createOperatorToken(world.projectId, world.adminId, { name: "old" });
    return { path: `/v1/operator-tokens/${id}/revoke` };
  },
  listWebhookEndpoints: () => ({ path: "/v1/webhook-endpoints" }),
  createWebhookEndpoint: async (world) => {
    await endpointOf(world);
    return { path: "/v1/webhook-endpoints", body: { url: NOBODY } };
  },
  changeWebhookEndpoint: async (world) => ({
    path: `/v1/webhook-endpoints/${await endpointOf(world)}`,
    body: { description: "Changed" },
  }),
  removeWebhookEndpoint: async (world) => ({
    path: `/v1/webhook-endpoints/${await endpointOf(world)}`,
  }),
  rotateWebhookSecret: async (world) => ({
    path: `/v1/webhook-endpoints/${await endpointOf(world)}/rotate-secret`,
  }),
  testWebhookEndpoint: async (world) => ({
    path: `/v1/webhook-endpoints/${await endpointOf(world)}/test`,
  }),
  listWebhookDeliveries: () => ({ path: "/v1/webhook-deliveries" }),
  async replayWebhookDelivery(world) {
    const path = `/v1/webhook-endpoints/${await endpointOf(world)}/test`;
    const { body } = await world.call("POST", path, { as: "admin" });
    return { path: `/v1/webhook-deliveries/${body.id}/replay` };
  },
  async signIn(world) {
    const { url } = await world.controlPlane.admin.createSignInLink(world.adminId);
    return { path: `/auth/magic-link/verify?${new URL(url).hash.slice(1)}` };
  },
  signOut: () => ({ path: "/v1/sign-out" }),
  live: () => ({ path: "/healthz" }),
  ready: () => ({ path: "/readyz" }),
  metrics: () => ({ path: "/metrics" }),
  openapi: () => ({ path: "/openapi.json" }),
  referencePage: () => ({ path: "/docs/api" }),
  referenceScript: () => ({ path: "/docs/api/redoc.js" }),
};

/** Refuses every connection. */
const NOBODY = "http://127.0.0.1:9/";

/** The only endpoint of the home project, made anew: a project has room for so many. */
async function endpointOf(world: World): Promise<string> {
  const { body: list } = await world.call("GET", "/v1/webhook-endpoints", { as: "admin" });
  for (const { id } of list.data) {
    await world.call("DELETE", `/v1/webhook-endpoints/${id}`, { as: "admin" });
  }
  const body = { url: NOBODY };
  return (await world.call("POST", "/v1/webhook-endpoints", { as: "admin", body })).body.id;
}

const ALLOW_ALL = "permit (principal, action, resource);";

async function policyRevisionOf(world: World): Promise<number> {
  const { body } = await world.call("GET", "/v1/policies?limit=1", { as: "admin" });
  return body.data[0]?.revision ?? 0;
}

/** A step that nobody had to approve, of a service that only the home project has. */
async function observe(world: World): Promise<string> {
  const body = newObservations({ service: "backups" });
  await world.call("POST", "/v1/observations", { as: "agent", body });
  return body.observations[0]?.id ?? "";
}

/** The profile of that service. */
async function profileOf(world: World): Promise<string> {
  await observe(world);
  return "/v1/shield/backups";
}

/** An action of the home project. */
async function actionOf(world: World): Promise<string> {
  const body = newAction();
  await world.call("PUT", `/v1/actions/${body.id}`, { as: "admin", body });
  return body.id;
}

/** One that a person has to let through, by the policy of the home project. */
async function heldActionOf(world: World): Promise<string> {
  await world.setPolicy(
    '@hold("admin") permit (principal, action == Action::"execute", resource);',
  );
  return actionOf(world);
}

/** An agent of the home project that buys nothing. */
async function otherAgentOf(world: World): Promise<string> {
  return (await world.call("GET", "/v1/me", { as: "otherAgent" })).body.agent.id;
}

/** A budget of the home project, in a currency that nobody spends. */
function newBudget() {
  return { scope: "project", currency: "CHF", amount_minor: 250_000 };
}

async function budgetOf(world: World): Promise<string> {
  const body = newBudget();
  return (await world.call("PUT", "/v1/budgets", { as: "admin", body })).body.id;
}

function newOrganisation({ projectId }: World) {
  return { name: "Acme", project_ids: [projectId] };
}

/** Takes the home project out of its organisation: it has room in one. */
async function dissolve(world: World): Promise<void> {
  const { body } = await world.call("GET", "/v1/organisations", { as: "admin" });
  for (const { id } of body.data) {
    const none = { project_ids: [] };
    await world.call("PUT", `/v1/organisations/${id}`, { as: "admin", body: none });
  }
}

/** A purchase of the agent's, taken back again: only so many may wait for a person. */
async function boughtBy(world: World): Promise<string> {
  const { id } = await world.buy();
  await world.call("POST", `/v1/requests/${id}/cancel`, { as: "agent" });
  return id;
}

/** The receipt of a request that the agent makes. */
async function receiptOf(world: World): Promise<string> {
  const { id } = await world.ask();
  const { body } = await world.call("GET", `/v1/requests/${id}/events`, { as: "agent" });
  return body.data[0].receipt_id;
}

type Side = "agent" | "otherAgent";

/** By world: of one agent there are so many keys and no more. */
const signing = new WeakMap<World, Map<Side, Promise<SigningAgent>>>();

function signingAgent(world: World, as: Side): Promise<SigningAgent> {
  const agents = signing.get(world) ?? new Map<Side, Promise<SigningAgent>>();
  signing.set(world, agents);
  const agent = agents.get(as) ?? SigningAgent.create(world, as);
  agents.set(as, agent);
  return agent;
}

/** Two agents of the home project; the first pays. */
async function escrowParties(world: World, payer: Side = "agent", payee: Side = "otherAgent") {
  return {
    payer: await signingAgent(world, payer),
    payee: await signingAgent(world, payee),
  };
}

/** An escrow whose money is held. */
async function openEscrow(world: World, ...sides: readonly Side[]) {
  const { payer, payee } = await escrowParties(world, ...sides);
  const { body } = await payer.open(payee);
  if (body.status === "PENDING") {
    await world.decide(body.request_id, { decision: "approve", revision: 1 });
  }
  return { payer, payee, escrow: body };
}

/** A POST about a key of its own. */
function proven(world: World, path: string, body: object): Sample {
  const call = { method: "POST", path, body: JSON.stringify(body) };
  return { path, body, headers: { dpop: makeProof(new KeyPair(), call, world.clock.now()) } };
}

async function enrolmentCode(world: World): Promise<string> {
  const body = { agent: "db-agent" };
  return (await world.call("POST", "/v1/enrolments", { as: "admin", body })).body.code;
}

async function agentIdOf(world: World): Promise<string> {
  return (await world.call("GET", "/v1/me", { as: "agent" })).body.agent.id;
}
