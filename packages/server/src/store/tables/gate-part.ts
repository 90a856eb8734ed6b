import { GATE_SERVICE } from "@holdpoint/protocol/gate";
import type { GatePart, RequestEvent } from "../../domain/event.js";
import type { Transaction } from "../database.js";
import { prepareQuery } from "../prepared.js";
import { actorIn } from "./columns.js";
import type { EventWriter } from "./event-row.js";
import { toGatePart } from "./gate-call-row.js";
import { optional } from "./request-row.js";

/**
 * Lets every event of a call say what the gate knows of it, also those of decisions, expiries and the
 * ends of leases. Events that say so already, and those of other requests, pay one comparison.
 */
export function createGateEventWriter(appendEvent: EventWriter): EventWriter {
  const find = prepareQuery(({ db }, { requestId }: { readonly requestId: string }) =>
    db
      .selectFrom("gate_calls")
      .innerJoin("requests", "requests.id", "gate_calls.request_id")
      .selectAll("gate_calls")
      .select(["decided_by_type", "decided_by_id", "decided_by_name"])
      .where("gate_calls.request_id", "=", requestId),
  );

  async function partOf(
    transaction: Transaction,
    { requestId, type }: RequestEvent,
  ): Promise<GatePart | undefined> {
    const { rows } = await find(transaction, { requestId });
    const [row] = rows;
    if (row === undefined) return undefined;
    const approvedBy = type.startsWith("execution.") ? actorIn("decided_by", row) : undefined;
    return { ...toGatePart(row), ...optional("approvedBy", approvedBy) };
  }

  return async (transaction, event) => {
    if (event.service !== GATE_SERVICE || event.gate !== undefined) {
      return appendEvent(transaction, event);
    }
    const gate = await partOf(transaction, event);
    return appendEvent(transaction, { ...event, ...optional("gate", gate) });
  };
}
