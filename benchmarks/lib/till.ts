import type { SpendPolicy } from "@holdpoint/protocol/spend";
import { typeidUnboxed } from "typeid-js";
import { Pool } from "undici";
import { callJson } from "./call.js";
import { BenchClient } from "./client.js";
import type { ControlPlaneReady } from "./control-plane.js";

/** Purchases of one agent, of many agents, and plain requests, against one control plane. */
export interface Till {
  readonly requests: BenchClient;
  readonly buyAsOne: () => Promise<void>;
  /** As one agent after the other. */
  readonly buyAsAny: () => Promise<void>;
  close(): Promise<void>;
}

/** Every limit there is, none of which is reached. */
export const POLICY: SpendPolicy = {
  currency: "EUR",
  timezone: "Europe/Berlin",
  per_request_limit: "500.00",
  daily_limit: "9000000000.00",
  weekly_limit: "9000000000.00",
  monthly_limit: "9000000000.00",
  total_limit: "9000000000.00",
  allowed_categories: ["software", "cloud"],
  allowed_payees: ["acme.example", "other.example"],
  schedule: { default: { allow: "00:00-24:00" } },
  auto_approve: { enabled: true, max_amount: "100.00", categories: ["software"] },
  approval_threshold: { amount: "250.00", quorum: 2 },
};

const PRICE_MINOR = 1_250;
const BUDGET_MINOR = 900_000_000_000;

/**
 * Sets limits for a project and for `agents` agents of it.
 *
 * @param connections - Calls at once.
 */
export async function connect(
  ready: ControlPlaneReady,
  connections: number,
  agents: number,
): Promise<Till> {
  const pool = new Pool(ready.url, { connections, headersTimeout: 0, bodyTimeout: 0 });
  const call = (method: "GET" | "POST" | "PUT", path: string, as: string, body?: object) =>
    callJson<Answer>(pool, method, path, { headers: { authorization: `Bearer ${as}` }, body });
  const operate = (method: "POST" | "PUT", path: string, body: object) =>
    call(method, path, ready.operatorToken, body);
  const buy = async (apiKey: string) => {
    const { status } = await call("POST", "/v1/purchases", apiKey, {
      id: typeidUnboxed("req"),
      amount: { amount_minor: PRICE_MINOR, currency: "EUR" },
      category: "software",
      payee: "acme.example",
      merchant_name: "Acme",
      details: { description: "One seat for a month" },
    });
    if (status !== "auto_approved") throw new Error(`Expected auto_approved, got ${status}.`);
  };
  const allocate = async (apiKey: string) => {
    const { agent } = await call("GET", "/v1/me", apiKey);
    const scope = { scope: "agent", agent_id: agent?.id, currency: "EUR" };
    await operate("PUT", "/v1/budgets", { ...scope, amount_minor: BUDGET_MINOR });
    return agent?.id;
  };

  await operate("POST", "/v1/spend-policies", { policy: POLICY });
  await operate("PUT", "/v1/budgets", {
    scope: "project",
    currency: "EUR",
    amount_minor: BUDGET_MINOR,
  });
  const agentId = await allocate(ready.apiKey);
  await operate("POST", "/v1/spend-policies", { agent_id: agentId, policy: POLICY });
  const keys: string[] = [];
  for (let index = 0; index < agents; index++) {
    const { api_key } = await operate("POST", "/v1/api-keys", { agent: `agent-${index}` });
    await allocate(String(api_key));
    keys.push(String(api_key));
  }
  let next = 0;
  const requests = new BenchClient(ready, connections);
  return {
    requests,
    buyAsOne: () => buy(ready.apiKey),
    buyAsAny: () => buy(keys[next++ % keys.length] as string),
    async close() {
      await pool.destroy();
      await requests.close();
    },
  };
}

interface Answer {
  readonly status?: string;
  readonly api_key?: string;
  readonly agent?: { readonly id: string };
}
