import { randomUUID } from "node:crypto";
import type { Context } from "../context.js";

/** What is written down of one call: never its payload, credentials, address or query. */
export class CallRecord {
  readonly traceId = randomUUID();
  readonly context: Context;
  readonly #operationId: string;
  readonly #startedAt = performance.now();

  constructor(context: Context, operationId: string) {
    this.context = context;
    this.#operationId = operationId;
  }

  /** Notes the answer in the log and the metrics, and hands it on. */
  complete(response: Response): Response {
    this.note(response.status);
    return response;
  }

  note(status: number): void {
    const { log, metrics } = this.context;
    const durationMs = performance.now() - this.#startedAt;
    metrics.observeCall(this.#operationId, status, durationMs / 1_000);
    log.info(
      {
        trace_id: this.traceId,
        operation: this.#operationId,
        status,
        duration_ms: Math.round(durationMs * 1_000) / 1_000,
      },
      "answered",
    );
  }
}
