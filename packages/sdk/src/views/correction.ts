import type { Diff, JsonValue } from "@holdpoint/protocol";
import type { HoldpointRequest } from "./request.js";

/** One edit a person made before approving. */
export interface Correction {
  readonly requestId: string;
  readonly payload: JsonValue;
  readonly patchedPayload: JsonValue;
  readonly diff: Diff;
  /** The person's words, when they gave any. */
  readonly reason?: string;
  readonly resolvedAt: Date;
}

/** The edit a request carries; `undefined` when it carries none. */
export function readCorrection(request: HoldpointRequest): Correction | undefined {
  const { id, payload, patchedPayload, diffSummary, reason, resolvedAt } = request;
  if (payload === undefined || patchedPayload === undefined) return undefined;
  if (diffSummary === undefined || resolvedAt === undefined) return undefined;
  const words = reason === undefined ? {} : { reason };
  return { requestId: id, payload, patchedPayload, diff: diffSummary, resolvedAt, ...words };
}
