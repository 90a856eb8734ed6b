import type { JsonObject } from "@holdpoint/protocol";
import type { ActionEgress } from "@holdpoint/protocol/gate";
import { invalidResponse, isJsonObject, LIMITS, requireInteger } from "../core.js";
import type { ClientParts } from "../late.js";
import { present } from "../present.js";
import { createReceipts } from "../receipts/receipts.js";
import { readAmount } from "../spend/amount.js";
import { parsePage } from "../spend/page.js";
import { readApproval } from "./approval.js";
import { type Connection, connectionOf, notConnected } from "./connection.js";
import { pathOf } from "./draft.js";
import { executeAction } from "./execute.js";
import type { ConnectOptions, Gate, GateAction, GateResult } from "./options.js";
import type { SessionTerms } from "./session.js";
import { viewAction, viewSession } from "./view.js";
import { isEgress, parseAction } from "./wire.js";

/** The calls behind `hp.gate`. */
export function createGate(parts: ClientParts): Gate {
  const connection = connectionOf(parts);
  const { session } = connection;
  let isClosed = false;
  const open = () => {
    if (isClosed) throw notConnected();
    return connection;
  };
  return {
    async connect({ signal, ...options } = {}) {
      const terms = termsOf(options);
      isClosed = false;
      const lease = await session.connect(terms, [signal, parts.options.signal]);
      return viewSession(lease.issued);
    },
    execute: async <Output>(action: string, parameters?: object, options = {}) =>
      (await executeAction(open(), action, parameters, options)) as GateResult<Output>,
    approval: async (id, options = {}) => readApproval(open(), id, options),
    receipt: async (id, options) => createReceipts(open().parts).get(id, options),
    egress: async (action, { signal } = {}) => fetchEgress(open(), action, signal),
    actions: async ({ signal } = {}) => listActions(open(), signal),
    async close() {
      isClosed = true;
      session.forget();
    },
  };
}

function termsOf({ scopes, maxCalls, maxCost, ttlSeconds }: ConnectOptions): SessionTerms {
  return present({
    scopes,
    max_calls: bounded("maxCalls", maxCalls, 1, 1_000_000_000),
    max_cost: maxCost && {
      amount_minor: Number(readAmount("maxCost", maxCost.amount, maxCost.currency)),
      currency: maxCost.currency,
    },
    ttl_seconds: bounded("ttlSeconds", ttlSeconds, LIMITS.minLeaseSeconds, LIMITS.maxLeaseSeconds),
  });
}

function bounded(name: string, value: number | undefined, minimum: number, maximum: number) {
  return value === undefined ? undefined : requireInteger(name, value, minimum, maximum);
}

async function fetchEgress(
  { transport }: Connection,
  action: string,
  signal: AbortSignal | undefined,
): Promise<ActionEgress> {
  const path = `${pathOf(action)}/egress`;
  const body = await transport.call({ method: "GET", path, signal });
  const { egress }: JsonObject = isJsonObject(body) ? body : {};
  if (isEgress(egress)) return egress as unknown as ActionEgress;
  throw invalidResponse("Expected where the action may go");
}

/** Every page: models are to see all of them or none. */
async function listActions(
  { transport }: Connection,
  signal: AbortSignal | undefined,
): Promise<readonly GateAction[]> {
  const actions: GateAction[] = [];
  for (let path = "/v1/actions"; ; ) {
    const page = parsePage(await transport.call({ method: "GET", path, signal }));
    actions.push(...page.data.map((item) => viewAction(parseAction(item))));
    if (page.nextCursor === null) return actions;
    path = `/v1/actions?cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}
