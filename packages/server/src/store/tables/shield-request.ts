import { SHIELD } from "../../domain/actor.js";
import type { RequestEvent } from "../../domain/event.js";
import type { NewRequest } from "../../domain/request.js";
import type { Transaction } from "../database.js";
import type { RequestRow } from "../schema.js";
import { together } from "../together.js";
import type { EventWriter } from "./event-row.js";
import { optional, type RequestMapper } from "./request-row.js";
import type { ShieldParts } from "./shield.js";

/**
 * Logs the step that a request is, and tells where it is an anomaly: in the transaction that makes the
 * request, after it is told that it was made. One that was not measured pays one comparison.
 */
export type LogRequestStep = (
  transaction: Transaction,
  request: Pick<NewRequest, "step" | "createdAt">,
  pending: RequestRow,
  gate?: RequestEvent["gate"],
) => Promise<void>;

export function createRequestLog(
  { mapper, append }: Pick<ShieldParts, "mapper" | "append">,
  requests: RequestMapper,
  appendEvent: EventWriter,
): LogRequestStep {
  return async (transaction, { step, createdAt: at }, pending, gate) => {
    if (step === undefined) return;
    const { anomalous } = step.verdict;
    const event = { ...requests.toEvent(pending), type: "shield.anomaly", at } as const;
    const told = { ...event, actor: SHIELD, ...optional("gate", gate) };
    // Sent together, so that events which are sent after this stand after it.
    await together([
      append(transaction, [{ row: mapper.toStepRow(step) }]),
      anomalous && appendEvent(transaction, told),
    ]);
  };
}
