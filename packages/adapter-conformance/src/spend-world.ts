import type { WireList, WireRequest } from "@holdpoint/protocol";
import type { SpendPolicy, WireBudget, WirePurchase } from "@holdpoint/protocol/spend";
import { Holdpoint, type HoldpointOptions } from "@holdpoint/sdk";
import { createControlPlane } from "@holdpoint/server";
import type { Scene, SceneCall } from "./driver.js";
import { createScenes, type Effect } from "./world.js";

/** A real control plane with a budget of 1,000 EUR and a policy, and people who run it. */
export interface SpendWorld extends AsyncDisposable {
  /** A client of the agent that spends. */
  client(options?: HoldpointOptions): Holdpoint;
  /** Another agent of the same project. */
  readonly stranger: Holdpoint;
  readonly fetch: typeof globalThis.fetch;
  readonly effects: readonly Effect[];
  /** A conversation that calls spend tools, but for what is given. */
  scene(calls: readonly SceneCall[], overrides?: Partial<Scene>): Scene;
  /** What waits for a person. */
  pending(): Promise<readonly WireRequest[]>;
  decide(id: string, decision: object): Promise<void>;
  /** The kill switch of the project. */
  stop(): Promise<void>;
  purchases(): Promise<readonly WirePurchase[]>;
  /** What of the budget is held and spent, in cents. */
  money(): Promise<{ readonly held: number; readonly spent: number }>;
}

/** Up to 20.00 EUR need nobody, more than 500.00 at once are refused. */
const POLICY: SpendPolicy = {
  currency: "EUR",
  per_request_limit: "500.00",
  blocked_categories: ["gambling"],
  auto_approve: { enabled: true, max_amount: "20.00" },
};
const URL = "http://localhost:4747";

export async function createSpendWorld(): Promise<SpendWorld> {
  const plane = await createControlPlane({
    storage: { kind: "memory" },
    masterKey: Buffer.alloc(32, 7).toString("base64url"),
    rateLimits: false,
    logger: { info() {}, warn() {}, error() {} },
  });
  const { projectId, operatorId } = await plane.admin.bootstrap({
    email: "ada@example.com",
    name: "Ada Lovelace",
    projectName: "Acme",
  });
  const { token } = await plane.admin.createOperatorToken(projectId, operatorId, { name: "test" });
  const fetch: typeof globalThis.fetch = async (input, init) =>
    plane.fetch(new Request(input, init));
  const connect = async (agent: string) => {
    const { apiKey } = await plane.admin.createApiKey(projectId, { agent });
    return (options?: HoldpointOptions) =>
      new Holdpoint({ apiKey, baseUrl: URL, fetch, ...options });
  };

  const operate = async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const response = await fetch(`${URL}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  const list = async <Item>(path: string) =>
    (await operate<WireList<Item>>("GET", path)).data as readonly Item[];

  const budget = { scope: "project", currency: "EUR", amount_minor: 100_000 };
  await operate("PUT", "/v1/budgets", budget);
  await operate("POST", "/v1/spend-policies", { policy: POLICY });
  const effects: Effect[] = [];
  const client = await connect("buyer");
  const { scene } = createScenes(client(), effects);
  return {
    client,
    stranger: (await connect("stranger"))(),
    fetch,
    effects,
    scene: (calls, overrides) => scene({ calls, ...overrides }),
    pending: () => list<WireRequest>("/v1/requests?status=PENDING"),
    async decide(id, decision) {
      const { revision } = await operate<WireRequest>("GET", `/v1/requests/${id}`);
      await operate("POST", `/v1/requests/${id}/decision`, { revision, ...decision });
    },
    async stop() {
      await operate("PUT", "/v1/kill-switches", { stopped: true, reason: "Enough." });
    },
    purchases: () => list<WirePurchase>("/v1/purchases"),
    async money() {
      const budgets = await list<WireBudget>("/v1/budgets");
      const { held, spent } = budgets.find(({ scope }) => scope === "project") as WireBudget;
      return { held: held.amount_minor, spent: spent.amount_minor };
    },
    [Symbol.asyncDispose]: () => plane.close(),
  };
}
