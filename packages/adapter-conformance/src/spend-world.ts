import type { WireRequest } from "@holdpoint/protocol";
import type { SpendPolicy, WireBudget, WirePurchase } from "@holdpoint/protocol/spend";
import type { Holdpoint, HoldpointOptions } from "@holdpoint/sdk";
import type { Scene, SceneCall } from "./driver.js";
import { createPlane } from "./plane.js";
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
  const plane = await createPlane(URL);
  const { operate, list } = plane;

  const budget = { scope: "project", currency: "EUR", amount_minor: 100_000 };
  await operate("PUT", "/v1/budgets", budget);
  await operate("POST", "/v1/spend-policies", { policy: POLICY });
  const effects: Effect[] = [];
  const { client } = await plane.connect("buyer");
  const { scene } = createScenes(client(), effects);
  return {
    client,
    stranger: (await plane.connect("stranger")).client(),
    fetch: plane.fetch,
    effects,
    scene: (calls, overrides) => scene({ calls, ...overrides }),
    pending: plane.pending,
    decide: plane.decide,
    async stop() {
      await operate("PUT", "/v1/kill-switches", { stopped: true, reason: "Enough." });
    },
    purchases: () => list<WirePurchase>("/v1/purchases"),
    async money() {
      const budgets = await list<WireBudget>("/v1/budgets");
      const { held, spent } = budgets.find(({ scope }) => scope === "project") as WireBudget;
      return { held: held.amount_minor, spent: spent.amount_minor };
    },
    [Symbol.asyncDispose]: plane[Symbol.asyncDispose],
  };
}
