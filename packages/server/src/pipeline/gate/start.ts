import { LIMITS } from "@holdpoint/protocol";
import type { Action } from "../../domain/gate/action.js";
import type { CallStart } from "../../domain/gate/call.js";

/** How much longer than its run an execution may take, before nobody knows its outcome. */
const RESERVE_MS = 10_000;

/** A run that begins now. Trying it again is safe where the receiver is given a key. */
export function startOf({ manifest }: Action, executionId: string, now: number): CallStart {
  const timeoutMs = manifest.timeout_ms ?? LIMITS.defaultActionTimeoutMs;
  return {
    executionId,
    idempotent: manifest.idempotency !== undefined,
    at: now,
    leaseExpiresAt: now + timeoutMs + RESERVE_MS,
  };
}
