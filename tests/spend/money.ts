import type {
  Problem,
  WireDecision,
  WireExecution,
  WireList,
  WireRequest,
} from "@holdpoint/protocol";
import type {
  SpendPolicy,
  WireBudget,
  WireConfirmPurchase,
  WireCreatePurchase,
  WireKillSwitch,
  WireLedgerEntry,
  WirePurchase,
  WireSetBudget,
  WireSpendPolicy,
} from "@holdpoint/protocol/spend";
import { typeidUnboxed } from "typeid-js";
import { RefusedError } from "../harness/control-plane.js";

/** Sends one call as somebody; the answer as it came. */
export type Send = (
  method: "GET" | "POST" | "PUT",
  path: string,
  body?: object,
) => Promise<{ readonly status: number; readonly body: unknown }>;

/** @param fetch - The global one, or a control plane's own. */
export function sendAs(fetch: typeof globalThis.fetch, url: string, credential: string): Send {
  return async (method, path, body) => {
    const response = await fetch(
      new Request(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${credential}`, "content-type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
      }),
    );
    return { status: response.status, body: await response.json() };
  };
}

/** What is said of a purchase in a test; the rest is made up. */
export interface Wish extends Partial<Omit<WireCreatePurchase, "amount">> {
  readonly currency?: string;
}

/** Spending as an agent sees it, over the wire. Every call throws {@link RefusedError} when refused. */
export class Buyer {
  readonly id: string;
  readonly send: Send;

  constructor(id: string, send: Send) {
    this.id = id;
    this.send = send;
  }

  /** @param minor - In the smallest unit of the currency, EUR where none is named. */
  buy(minor: number, { currency = "EUR", ...wish }: Wish = {}): Promise<WirePurchase> {
    return ask(this.send, "POST", "/v1/purchases", {
      id: typeidUnboxed("req"),
      category: "software",
      ...wish,
      amount: { amount_minor: minor, currency },
    });
  }

  get(id: string, waitMs = 0): Promise<WirePurchase> {
    return ask(this.send, "GET", `/v1/purchases/${id}${waitMs ? `?wait_ms=${waitMs}` : ""}`);
  }

  /** @param paid - In minor units of the currency it was approved in; absent: what was approved. */
  async confirm(id: string, paid?: number, more: object = {}): Promise<WirePurchase> {
    const currency = paid === undefined ? "" : (await this.get(id)).amount.currency;
    const actual = paid === undefined ? {} : { actual_amount: { amount_minor: paid, currency } };
    return this.settle(id, { success: true, ...actual, ...more });
  }

  settle(id: string, body: WireConfirmPurchase): Promise<WirePurchase> {
    return ask(this.send, "POST", `/v1/purchases/${id}/confirm`, body);
  }

  /** Says that nothing was paid. */
  giveBack(id: string): Promise<WirePurchase> {
    return this.settle(id, { success: false });
  }

  cancel(id: string): Promise<WireRequest> {
    return ask(this.send, "POST", `/v1/requests/${id}/cancel`, {});
  }

  async claim(id: string, more: object = {}): Promise<WireExecution> {
    const { grant } = await ask<WireRequest>(this.send, "GET", `/v1/requests/${id}`);
    return ask(this.send, "POST", `/v1/requests/${id}/executions`, {
      id: typeidUnboxed("exe"),
      grant_id: grant?.id,
      approved_digest: grant?.approved_digest,
      ...more,
    });
  }

  commit({ id, fencing_token }: WireExecution): Promise<WireExecution> {
    return ask(this.send, "POST", `/v1/executions/${id}/commit`, { fencing_token, result: {} });
  }

  fail({ id, fencing_token }: WireExecution): Promise<WireExecution> {
    const body = { fencing_token, error: { message: "The card was declined." } };
    return ask(this.send, "POST", `/v1/executions/${id}/fail`, body);
  }

  async budgets(): Promise<readonly WireBudget[]> {
    return (await ask<WireList<WireBudget>>(this.send, "GET", "/v1/budgets")).data;
  }
}

/** Spending as the people see it who decide and set limits. */
export class Treasurer {
  readonly send: Send;

  constructor(send: Send) {
    this.send = send;
  }

  get(id: string): Promise<WirePurchase> {
    return ask(this.send, "GET", `/v1/purchases/${id}`);
  }

  decide(id: string, decision: Omit<WireDecision, "revision">): Promise<WireRequest> {
    return ask(this.send, "POST", `/v1/requests/${id}/decision`, { revision: 1, ...decision });
  }

  approve(id: string): Promise<WireRequest> {
    return this.decide(id, { decision: "approve" });
  }

  /** Approves a part of it. @param amount - Decimal, as in the form. */
  async lower(id: string, amount: string): Promise<WireRequest> {
    return this.edit(id, { amount });
  }

  async edit(id: string, change: object): Promise<WireRequest> {
    const { payload } = await ask<WireRequest>(this.send, "GET", `/v1/requests/${id}`);
    const patched_payload = { ...(payload as object), ...change };
    return this.decide(id, { decision: "approve", patched_payload } as Omit<
      WireDecision,
      "revision"
    >);
  }

  reject(id: string, reason = "Not now."): Promise<WireRequest> {
    return this.decide(id, { decision: "reject", reason });
  }

  refund(
    { id, amount: { currency } }: WirePurchase,
    minor: number,
    refund = typeidUnboxed("rfd"),
  ): Promise<WirePurchase> {
    return ask(this.send, "POST", `/v1/purchases/${id}/refund`, {
      id: refund,
      amount: { amount_minor: minor, currency },
    });
  }

  reconcile({ id }: WireExecution, outcome: "committed" | "failed"): Promise<WireExecution> {
    const body = { outcome, evidence: { looked: "at the bank" } };
    return ask(this.send, "POST", `/v1/executions/${id}/reconcile`, body);
  }

  setPolicy(policy: SpendPolicy | null, agent?: Buyer): Promise<WireSpendPolicy> {
    return ask(this.send, "POST", "/v1/spend-policies", { ...of(agent), policy });
  }

  setBudget(budget: WireSetBudget): Promise<WireBudget> {
    return ask(this.send, "PUT", "/v1/budgets", budget);
  }

  stop(agent?: Buyer): Promise<WireKillSwitch> {
    return ask(this.send, "PUT", "/v1/kill-switches", { ...of(agent), stopped: true });
  }

  letGoOn(agent?: Buyer): Promise<WireKillSwitch> {
    return ask(this.send, "PUT", "/v1/kill-switches", { ...of(agent), stopped: false });
  }

  async budgets(): Promise<readonly WireBudget[]> {
    return (await ask<WireList<WireBudget>>(this.send, "GET", "/v1/budgets")).data;
  }

  async entries(budgetId: string): Promise<readonly WireLedgerEntry[]> {
    const path = `/v1/budgets/${budgetId}/entries?limit=100`;
    return (await ask<WireList<WireLedgerEntry>>(this.send, "GET", path)).data;
  }
}

/** @throws {RefusedError} for anything but success. */
export async function ask<Body>(send: Send, ...call: Parameters<Send>): Promise<Body> {
  const { status, body } = await send(...call);
  if (status >= 300) throw new RefusedError(body as Problem);
  return body as Body;
}

function of(agent: Buyer | undefined): { readonly agent_id?: string } {
  return agent === undefined ? {} : { agent_id: agent.id };
}
