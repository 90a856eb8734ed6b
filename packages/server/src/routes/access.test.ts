import type { ErrorCode } from "@holdpoint/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operations } from "./index.js";
import { LeaseHolder } from "./testing/lease-holder.js";
import { type Sample, samples } from "./testing/samples.js";
import { type Credentials, ORIGIN, World } from "./testing/world.js";

/** Every kind of credential there is. `lease` is the agent's, `session` Ada's cookie from our own origin. */
const CREDENTIALS = [
  "none",
  "malformed",
  "unknownKey",
  "unknownToken",
  "revokedKey",
  "expiredKey",
  "removedOperator",
  "agent",
  "otherAgent",
  "foreignAgent",
  "readOnlyAgent",
  "writeOnlyAgent",
  "lease",
  "viewer",
  "approver",
  "finance",
  "admin",
  "foreignAdmin",
  "session",
  "sessionCrossSite",
] as const;
type Credential = (typeof CREDENTIALS)[number];
type Row = Readonly<Record<Credential, number | ErrorCode>>;

const STRANGERS = {
  none: "AUTHENTICATION_REQUIRED",
  malformed: "CREDENTIAL_INVALID",
  unknownKey: "CREDENTIAL_INVALID",
  unknownToken: "CREDENTIAL_INVALID",
  revokedKey: "CREDENTIAL_INVALID",
  expiredKey: "CREDENTIAL_INVALID",
  removedOperator: "CREDENTIAL_INVALID",
} as const;

function agents<Outcome>(outcome: Outcome) {
  return {
    agent: outcome,
    otherAgent: outcome,
    foreignAgent: outcome,
    readOnlyAgent: outcome,
    writeOnlyAgent: outcome,
    lease: outcome,
  };
}

function operators<Outcome>(outcome: Outcome) {
  return {
    viewer: outcome,
    approver: outcome,
    finance: outcome,
    admin: outcome,
    foreignAdmin: outcome,
    session: outcome,
  };
}

const NOT_ADMIN = {
  viewer: "ROLE_REQUIRED",
  approver: "ROLE_REQUIRED",
  finance: "ROLE_REQUIRED",
} as const;

/** A cookie sent along by another site reads nothing there, and changes nothing here. */
const CROSS_SITE_READ = { sessionCrossSite: 200 } as const;
const CROSS_SITE_WRITE = { sessionCrossSite: "ORIGIN_NOT_ALLOWED" } as const;

const everybody: Row = Object.fromEntries(CREDENTIALS.map((kind) => [kind, 200])) as Row;

const readByMembers: Row = {
  ...STRANGERS,
  ...agents("PERMISSION_DENIED"),
  ...operators(200),
  ...CROSS_SITE_READ,
};

const readByAdmins: Row = { ...readByMembers, ...NOT_ADMIN };

/** One thing of the home project: others are told it does not exist. */
const readOne: Row = {
  ...STRANGERS,
  ...agents(200),
  otherAgent: "REQUEST_NOT_FOUND",
  foreignAgent: "REQUEST_NOT_FOUND",
  writeOnlyAgent: "SCOPE_MISSING",
  ...operators(200),
  foreignAdmin: "REQUEST_NOT_FOUND",
  ...CROSS_SITE_READ,
};

function changeByAdmins(status: number): Row {
  return {
    ...STRANGERS,
    ...agents("PERMISSION_DENIED"),
    ...operators(status),
    ...NOT_ADMIN,
    ...CROSS_SITE_WRITE,
  };
}

/** What only the agent that asked may do. */
function ofOwnRequest(status: number): Row {
  return {
    ...STRANGERS,
    ...agents(status),
    otherAgent: "REQUEST_NOT_FOUND",
    foreignAgent: "REQUEST_NOT_FOUND",
    readOnlyAgent: "SCOPE_MISSING",
    ...operators("PERMISSION_DENIED"),
    ...CROSS_SITE_WRITE,
  };
}

/** What binds the caller, whoever it is: each sees its own. */
const readOwn: Row = {
  ...STRANGERS,
  ...agents(200),
  writeOnlyAgent: "SCOPE_MISSING",
  ...operators(200),
  ...CROSS_SITE_READ,
};

/** On projects that have to be administered, whichever the caller acts in. */
function changeOrganisations(status: number): Row {
  return {
    ...STRANGERS,
    ...agents("PERMISSION_DENIED"),
    ...operators("RESOURCE_NOT_FOUND"),
    admin: status,
    session: status,
    ...CROSS_SITE_WRITE,
  };
}

/** What the gate can run, for the agents that reach it. */
const readOfGate: Row = {
  ...STRANGERS,
  ...agents(200),
  readOnlyAgent: "SCOPE_MISSING",
  writeOnlyAgent: "SCOPE_MISSING",
  ...operators(200),
  ...CROSS_SITE_READ,
};

const readOneOfGate: Row = {
  ...readOfGate,
  foreignAgent: "ACTION_NOT_FOUND",
  foreignAdmin: "ACTION_NOT_FOUND",
};

/** What changes nothing, and is sent all the same. */
const tryByMembers: Row = {
  ...STRANGERS,
  ...agents("PERMISSION_DENIED"),
  ...operators(200),
  ...CROSS_SITE_WRITE,
};

/** What only one side of an escrow may do. */
function ofOwnEscrow(otherSide: ErrorCode): Row {
  return {
    ...ofOwnRequest(200),
    otherAgent: otherSide,
    foreignAgent: "ESCROW_NOT_FOUND",
  };
}

const ofOwnExecution: Row = {
  ...ofOwnRequest(200),
  otherAgent: "EXECUTION_NOT_FOUND",
  foreignAgent: "EXECUTION_NOT_FOUND",
};

/** What every credential gets from every operation, on a thing that the agent or Ada made. */
const EXPECTED: Readonly<Record<string, Row>> = {
  createRequest: {
    ...STRANGERS,
    ...agents(201),
    readOnlyAgent: "SCOPE_MISSING",
    ...operators("PERMISSION_DENIED"),
    ...CROSS_SITE_WRITE,
  },
  listRequests: {
    ...STRANGERS,
    ...agents(200),
    writeOnlyAgent: "SCOPE_MISSING",
    ...operators(200),
    ...CROSS_SITE_READ,
  },
  getRequest: readOne,
  listRequestEvents: readOne,
  cancelRequest: ofOwnRequest(200),
  decideRequest: {
    ...STRANGERS,
    ...agents("PERMISSION_DENIED"),
    viewer: "ROLE_REQUIRED",
    approver: 200,
    finance: "ROLE_REQUIRED",
    admin: 200,
    foreignAdmin: "REQUEST_NOT_FOUND",
    session: 200,
    ...CROSS_SITE_WRITE,
  },
  getReceipt: {
    ...readOne,
    otherAgent: "RECEIPT_NOT_FOUND",
    foreignAgent: "RECEIPT_NOT_FOUND",
    foreignAdmin: "RECEIPT_NOT_FOUND",
  },
  listReceipts: readByMembers,
  listSigningKeys: everybody,
  rotateSigningKey: changeByAdmins(200),
  getCheckpoint: everybody,
  getTile: everybody,
  claimExecution: ofOwnRequest(201),
  getExecution: {
    ...readOne,
    otherAgent: "EXECUTION_NOT_FOUND",
    foreignAgent: "EXECUTION_NOT_FOUND",
    foreignAdmin: "EXECUTION_NOT_FOUND",
  },
  renewExecution: ofOwnExecution,
  commitExecution: ofOwnExecution,
  failExecution: ofOwnExecution,
  reconcileExecution: {
    ...ofOwnExecution,
    viewer: "ROLE_REQUIRED",
    approver: 200,
    finance: "ROLE_REQUIRED",
    admin: 200,
    foreignAdmin: "EXECUTION_NOT_FOUND",
    session: 200,
  },
  // What is registered is the agent's own: of another agent the proof does not hold.
  registerAgentKey: {
    ...STRANGERS,
    ...agents(201),
    otherAgent: "ESCROW_KEY_UNKNOWN",
    foreignAgent: "ESCROW_KEY_UNKNOWN",
    readOnlyAgent: "SCOPE_MISSING",
    ...operators("PERMISSION_DENIED"),
    ...CROSS_SITE_WRITE,
  },
  listAgentKeys: {
    ...STRANGERS,
    ...agents(200),
    writeOnlyAgent: "SCOPE_MISSING",
    ...operators(200),
    ...CROSS_SITE_READ,
  },
  openEscrow: {
    ...STRANGERS,
    ...agents(201),
    otherAgent: "ESCROW_SIGNATURE_INVALID",
    foreignAgent: "ESCROW_SIGNATURE_INVALID",
    readOnlyAgent: "SCOPE_MISSING",
    ...operators("PERMISSION_DENIED"),
    ...CROSS_SITE_WRITE,
  },
  listEscrows: {
    ...STRANGERS,
    ...agents(200),
    writeOnlyAgent: "SCOPE_MISSING",
    ...operators(200),
    ...CROSS_SITE_READ,
  },
  // Seen from both sides.
  getEscrow: {
    ...readOne,
    otherAgent: 200,
    foreignAgent: "ESCROW_NOT_FOUND",
    foreignAdmin: "ESCROW_NOT_FOUND",
  },
  fulfilEscrow: ofOwnEscrow("PERMISSION_DENIED"),
  releaseEscrow: ofOwnEscrow("PERMISSION_DENIED"),
  // The other side may dispute as well, but not with this one's signature.
  disputeEscrow: ofOwnEscrow("ESCROW_SIGNATURE_INVALID"),
  createPurchase: {
    ...STRANGERS,
    ...agents(201),
    readOnlyAgent: "SCOPE_MISSING",
    ...operators("PERMISSION_DENIED"),
    ...CROSS_SITE_WRITE,
  },
  listPurchases: {
    ...STRANGERS,
    ...agents(200),
    writeOnlyAgent: "SCOPE_MISSING",
    ...operators(200),
    ...CROSS_SITE_READ,
  },
  getPurchase: {
    ...readOne,
    otherAgent: "PURCHASE_NOT_FOUND",
    foreignAgent: "PURCHASE_NOT_FOUND",
    foreignAdmin: "PURCHASE_NOT_FOUND",
  },
  confirmPurchase: {
    ...ofOwnRequest(200),
    otherAgent: "PURCHASE_NOT_FOUND",
    foreignAgent: "PURCHASE_NOT_FOUND",
  },
  refundPurchase: {
    ...STRANGERS,
    ...agents("PERMISSION_DENIED"),
    viewer: "ROLE_REQUIRED",
    approver: 200,
    finance: "ROLE_REQUIRED",
    admin: 200,
    foreignAdmin: "PURCHASE_NOT_FOUND",
    session: 200,
    ...CROSS_SITE_WRITE,
  },
  setSpendPolicy: { ...changeByAdmins(201), foreignAdmin: "RESOURCE_NOT_FOUND" },
  listSpendPolicies: readOwn,
  trySpendPolicy: tryByMembers,
  setPolicy: { ...changeByAdmins(200), foreignAdmin: "REVISION_CONFLICT" },
  listPolicies: readByMembers,
  checkPolicy: tryByMembers,
  tryPolicy: tryByMembers,
  explainPolicy: { ...tryByMembers, foreignAdmin: "REQUEST_NOT_FOUND" },
  listPolicySuggestions: readByMembers,
  setKillSwitch: {
    ...changeByAdmins(200),
    approver: 200,
    foreignAdmin: "RESOURCE_NOT_FOUND",
  },
  listKillSwitches: readOwn,
  setBudget: changeByAdmins(200),
  listBudgets: readOwn,
  listLedgerEntries: { ...readByMembers, foreignAdmin: "RESOURCE_NOT_FOUND" },
  getBurnDown: { ...readByMembers, foreignAdmin: "RESOURCE_NOT_FOUND" },
  createOrganisation: changeOrganisations(201),
  listOrganisations: readByMembers,
  changeOrganisation: changeOrganisations(200),
  registerAction: changeByAdmins(201),
  listActions: readOfGate,
  getAction: readOneOfGate,
  listActionVersions: { ...readByMembers, foreignAdmin: "ACTION_NOT_FOUND" },
  getActionEgress: readOneOfGate,
  withdrawAction: { ...changeByAdmins(200), foreignAdmin: "ACTION_NOT_FOUND" },
  executeAction: {
    ...STRANGERS,
    ...agents("LEASE_REQUIRED"),
    lease: 202,
    ...operators("PERMISSION_DENIED"),
    ...CROSS_SITE_WRITE,
  },
  getApproval: {
    ...STRANGERS,
    ...agents(200),
    otherAgent: "REQUEST_NOT_FOUND",
    foreignAgent: "REQUEST_NOT_FOUND",
    readOnlyAgent: "SCOPE_MISSING",
    writeOnlyAgent: "SCOPE_MISSING",
    ...operators("PERMISSION_DENIED"),
    sessionCrossSite: "PERMISSION_DENIED",
  },
  setSecret: changeByAdmins(200),
  listSecrets: readByAdmins,
  removeSecret: { ...changeByAdmins(204), foreignAdmin: "RESOURCE_NOT_FOUND" },
  createWasmModule: changeByAdmins(201),
  createState: {
    ...STRANGERS,
    ...agents(201),
    readOnlyAgent: "SCOPE_MISSING",
    ...operators("PERMISSION_DENIED"),
    ...CROSS_SITE_WRITE,
  },
  getState: {
    ...STRANGERS,
    ...agents(200),
    otherAgent: "STATE_NOT_FOUND",
    foreignAgent: "STATE_NOT_FOUND",
    writeOnlyAgent: "SCOPE_MISSING",
    ...operators("PERMISSION_DENIED"),
    sessionCrossSite: "PERMISSION_DENIED",
  },
  putRecords: {
    ...STRANGERS,
    ...agents(204),
    readOnlyAgent: "SCOPE_MISSING",
    ...operators("PERMISSION_DENIED"),
    ...CROSS_SITE_WRITE,
  },
  // Each agent finds its own: none of another's.
  listRecords: {
    ...STRANGERS,
    ...agents(200),
    writeOnlyAgent: "SCOPE_MISSING",
    ...operators("PERMISSION_DENIED"),
    sessionCrossSite: "PERMISSION_DENIED",
  },
  removeRecords: {
    ...STRANGERS,
    ...agents(204),
    readOnlyAgent: "SCOPE_MISSING",
    ...operators("PERMISSION_DENIED"),
    ...CROSS_SITE_WRITE,
  },
  createObservations: {
    ...STRANGERS,
    ...agents(204),
    readOnlyAgent: "SCOPE_MISSING",
    ...operators("PERMISSION_DENIED"),
    ...CROSS_SITE_WRITE,
  },
  listObservations: readByMembers,
  listShieldProfiles: readByMembers,
  getShieldProfile: { ...readByMembers, foreignAdmin: "RESOURCE_NOT_FOUND" },
  setShieldMode: { ...changeByAdmins(200), foreignAdmin: "RESOURCE_NOT_FOUND" },
  setShieldSettings: { ...changeByAdmins(200), foreignAdmin: "RESOURCE_NOT_FOUND" },
  listShieldRuns: { ...readByMembers, foreignAdmin: "RESOURCE_NOT_FOUND" },
  listShieldSteps: { ...readByMembers, foreignAdmin: "RESOURCE_NOT_FOUND" },
  reviewShieldStep: {
    ...changeByAdmins(200),
    approver: 200,
    foreignAdmin: "RESOURCE_NOT_FOUND",
  },
  // The signed URL is the permission: no credential adds to it or takes from it.
  uploadBlob: Object.fromEntries(CREDENTIALS.map((kind) => [kind, 204])) as Row,
  downloadBlob: everybody,
  streamEvents: readByMembers,
  getIdentity: { ...STRANGERS, ...agents(200), ...operators(200), ...CROSS_SITE_READ },
  listProjects: readByMembers,
  createProject: {
    ...STRANGERS,
    ...agents("PERMISSION_DENIED"),
    ...operators(201),
    ...CROSS_SITE_WRITE,
  },
  createLease: {
    ...STRANGERS,
    ...agents(201),
    readOnlyAgent: "SCOPE_MISSING",
    writeOnlyAgent: "SCOPE_MISSING",
    lease: "PERMISSION_DENIED",
    ...operators("PERMISSION_DENIED"),
    ...CROSS_SITE_WRITE,
  },
  listLeases: readByMembers,
  revokeLease: {
    ...STRANGERS,
    ...agents("PERMISSION_DENIED"),
    ...operators(200),
    foreignAdmin: "RESOURCE_NOT_FOUND",
    ...CROSS_SITE_WRITE,
  },
  getAuthority: readByMembers,
  // The sample thaws; every member may freeze.
  setAuthority: changeByAdmins(200),
  createEnrolment: changeByAdmins(201),
  // The code is the permission: no credential adds to it or takes from it.
  enrolAgent: Object.fromEntries(CREDENTIALS.map((kind) => [kind, 201])) as Row,
  listAgentIdentities: readByMembers,
  revokeAgentIdentity: { ...changeByAdmins(200), foreignAdmin: "RESOURCE_NOT_FOUND" },
  getAgent: { ...readByMembers, foreignAdmin: "RESOURCE_NOT_FOUND" },
  setAgentLimits: { ...changeByAdmins(200), foreignAdmin: "RESOURCE_NOT_FOUND" },
  listAgents: readByMembers,
  listApiKeys: readByAdmins,
  createApiKey: changeByAdmins(201),
  revokeApiKey: { ...changeByAdmins(200), foreignAdmin: "RESOURCE_NOT_FOUND" },
  listOperators: readByMembers,
  inviteOperator: changeByAdmins(201),
  changeOperator: { ...changeByAdmins(200), foreignAdmin: "RESOURCE_NOT_FOUND" },
  removeOperator: { ...changeByAdmins(204), foreignAdmin: "RESOURCE_NOT_FOUND" },
  createSignInLink: { ...changeByAdmins(201), foreignAdmin: "RESOURCE_NOT_FOUND" },
  listOperatorTokens: readByMembers,
  createOperatorToken: {
    ...STRANGERS,
    ...agents("PERMISSION_DENIED"),
    ...operators(201),
    ...CROSS_SITE_WRITE,
  },
  revokeOperatorToken: {
    ...STRANGERS,
    ...agents("PERMISSION_DENIED"),
    ...operators("RESOURCE_NOT_FOUND"),
    admin: 200,
    session: 200,
    ...CROSS_SITE_WRITE,
  },
  listWebhookEndpoints: readByMembers,
  createWebhookEndpoint: changeByAdmins(201),
  changeWebhookEndpoint: { ...changeByAdmins(200), foreignAdmin: "RESOURCE_NOT_FOUND" },
  removeWebhookEndpoint: { ...changeByAdmins(204), foreignAdmin: "RESOURCE_NOT_FOUND" },
  rotateWebhookSecret: { ...changeByAdmins(200), foreignAdmin: "RESOURCE_NOT_FOUND" },
  testWebhookEndpoint: { ...changeByAdmins(201), foreignAdmin: "RESOURCE_NOT_FOUND" },
  listWebhookDeliveries: readByMembers,
  replayWebhookDelivery: { ...changeByAdmins(200), foreignAdmin: "RESOURCE_NOT_FOUND" },
  signIn: everybody,
  signOut: {
    ...STRANGERS,
    ...agents("PERMISSION_DENIED"),
    ...operators("PERMISSION_DENIED"),
    session: 204,
    ...CROSS_SITE_WRITE,
  },
  live: everybody,
  ready: everybody,
  metrics: everybody,
  openapi: everybody,
  referencePage: everybody,
  referenceScript: everybody,
};

let world: World;
let holder: LeaseHolder;

beforeAll(async () => {
  world = await World.create();
  holder = await LeaseHolder.create(world, { ttl_seconds: 3_600 });
});
afterAll(() => world.controlPlane.close());

async function session(): Promise<Record<string, string>> {
  return { cookie: await world.signIn(), "holdpoint-project": world.projectId };
}

async function headersOf(
  credential: Credential,
  method: string,
  sample?: Sample,
): Promise<Record<string, string>> {
  switch (credential) {
    case "lease": {
      const { path = "", body } = sample ?? {};
      return holder.headers({
        method,
        path,
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    }
    case "none":
      return {};
    case "malformed":
      return { authorization: "Bearer not-a-credential" };
    case "unknownKey":
      return { authorization: `Bearer hp_${world.projectId.slice(4)}_${"A".repeat(43)}` };
    case "unknownToken":
      return { authorization: `Bearer hpo_${"A".repeat(43)}` };
    case "session":
      return { ...(await session()), origin: ORIGIN };
    case "sessionCrossSite":
      return { ...(await session()), origin: "https://evil.example" };
    default:
      return { authorization: world.credentials[credential as keyof Credentials] };
  }
}

it("has a row and a sample for every operation, and for nothing else", () => {
  const ids = operations.map(({ id }) => id).sort();
  expect(Object.keys(EXPECTED).sort()).toEqual(ids);
  expect(Object.keys(samples).sort()).toEqual(ids);
});

describe.each(operations)("$method $path", (operation) => {
  it.each(CREDENTIALS)("as %s", async (credential) => {
    const expected = EXPECTED[operation.id]?.[credential];
    const sample = await samples[operation.id]?.(world);
    const method = operation.method.toUpperCase();
    const response = await world.fetch(method, sample?.path ?? "", {
      headers: { ...sample?.headers, ...(await headersOf(credential, method, sample)) },
      ...(sample?.body !== undefined && { body: sample.body }),
    });
    expect(response.headers.get("x-trace-id")).toMatch(/^[0-9a-f-]{36}$/);
    if (operation.id === "streamEvents" && response.status === 200) {
      await response.body?.cancel();
      expect(expected).toBe(200);
      return;
    }
    const text = await response.text();
    if (typeof expected === "string") {
      expect(JSON.parse(text).code).toBe(expected);
      return;
    }
    expect(response.status, text).toBe(expected);
    const schema = operation.responses[response.status]?.schema;
    const isJson = response.headers.get("content-type") === "application/json";
    if (schema !== undefined && isJson) schema.parse(JSON.parse(text));
  });
});

describe("no agent credential decides or administers (G5)", () => {
  const agentKinds = [
    "agent",
    "otherAgent",
    "foreignAgent",
    "readOnlyAgent",
    "writeOnlyAgent",
    "lease",
  ];
  const allowed = new Set([
    "createRequest",
    "listRequests",
    "getRequest",
    "listRequestEvents",
    "cancelRequest",
    "claimExecution",
    "getExecution",
    "renewExecution",
    "commitExecution",
    "failExecution",
    "reconcileExecution",
    "getReceipt",
    "registerAgentKey",
    "listAgentKeys",
    "listActions",
    "getAction",
    "getActionEgress",
    "executeAction",
    "getApproval",
    "openEscrow",
    "listEscrows",
    "getEscrow",
    "fulfilEscrow",
    "releaseEscrow",
    "disputeEscrow",
    "createPurchase",
    "listPurchases",
    "getPurchase",
    "confirmPurchase",
    "listSpendPolicies",
    "listKillSwitches",
    "listBudgets",
    "createState",
    "getState",
    "putRecords",
    "listRecords",
    "removeRecords",
    "createObservations",
    "createLease",
    "getIdentity",
  ]);

  it("on any operation that is not its own or public", () => {
    for (const operation of operations) {
      if ("public" in operation.audience || allowed.has(operation.id)) continue;
      for (const kind of agentKinds) {
        expect(EXPECTED[operation.id]?.[kind as Credential], operation.id).toBe(
          "PERMISSION_DENIED",
        );
      }
    }
  });

  it("and a request stays pending after all of them have tried", async () => {
    const request = await world.ask();
    const decision = { decision: "approve", revision: 1 };
    for (const kind of agentKinds.filter((other) => other !== "lease")) {
      await world.decide(request.id, decision, kind as keyof Credentials);
    }
    await holder.call("POST", `/v1/requests/${request.id}/decision`, decision);
    const { body } = await world.call("GET", `/v1/requests/${request.id}`, { as: "admin" });
    expect(body.status).toBe("PENDING");
  });
});
