import { typeidUnboxed } from "typeid-js";
import { newRequest, type World } from "./world.js";

/** One well-formed call of an operation, on things of the home project that the agent or Ada made. */
export interface Sample {
  readonly path: string;
  readonly body?: unknown;
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
  streamEvents: () => ({ path: "/v1/events" }),
  getIdentity: () => ({ path: "/v1/me" }),
  listProjects: () => ({ path: "/v1/projects" }),
  createProject: () => ({ path: "/v1/projects", body: { name: "New" } }),
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
