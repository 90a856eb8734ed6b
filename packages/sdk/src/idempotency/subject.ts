import type { JsonValue } from "@holdpoint/protocol";
import { invalidInput, LIMITS, ValidationError } from "../core.js";

/** The action a key belongs to: the same key for another action is another request. */
export interface KeyScope {
  readonly service: string;
  readonly action: string;
  readonly environment: string | undefined;
}

/** What a key that a caller chose stands for. */
export function keySubject(scope: KeyScope, key: unknown, name = "idempotencyKey"): JsonValue {
  return [...scopeOf(scope), "key", requireText(name, key, LIMITS.idempotencyKeyLength)];
}

/** What one tool call of one run stands for. */
export function callSubject(
  scope: KeyScope,
  runId: unknown,
  toolCallId: unknown,
  args: JsonValue,
): JsonValue {
  if (runId === undefined || toolCallId === undefined) {
    throw new ValidationError({
      code: "VALIDATION_FAILED",
      message: `Expected runId and toolCallId, or a key, got ${runId === undefined ? "no runId" : "no toolCallId"}. They are what a restarted process finds its own request by: take runId from your run and toolCallId from the model's API, or name the one thing to be done with key, for example the id of the order. Nothing was sent.`,
    });
  }
  const call = [
    requireText("runId", runId, LIMITS.runIdLength),
    requireText("toolCallId", toolCallId, LIMITS.idempotencyKeyLength),
  ];
  return [...scopeOf(scope), "call", ...call, args];
}

/** What stands for asking again after `requestId`, because the world had changed. */
export function againSubject(scope: KeyScope, requestId: string): JsonValue {
  return [...scopeOf(scope), "again", requestId];
}

function scopeOf({ service, action, environment }: KeyScope): JsonValue[] {
  return [service, action, environment ?? null];
}

function requireText(name: string, value: unknown, maxLength: number): string {
  if (typeof value === "string" && value !== "" && value.length <= maxLength) return value;
  throw invalidInput(name, `a text of 1 to ${maxLength} characters`);
}
