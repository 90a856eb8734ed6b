import type { EnvelopeField, JsonValue, WireExecution } from "@holdpoint/protocol";
import { type Cipher, isEnvelope, LIMITS, toJson } from "../core.js";
import { type Execution, viewExecution } from "./execution.js";

/** An execution as callers see it, decrypted. */
export async function openExecution(execution: WireExecution, cipher: Cipher): Promise<Execution> {
  const open = async (field: "result" | "error" | "evidence") => {
    const value = execution[field];
    if (value === undefined) return undefined;
    // An execution does not say whether its request is encrypted; with a key set it has to be.
    const encrypted = isEnvelope(value);
    return cipher.open({ id: execution.request_id, encrypted }, value, field);
  };
  return viewExecution(execution, {
    result: await open("result"),
    error: await open("error"),
    evidence: await open("evidence"),
  });
}

/** What a run leaves, as it travels; `undefined` stays absent. */
export async function sealContent(
  cipher: Cipher,
  requestId: string,
  field: Extract<EnvelopeField, "result" | "error" | "evidence">,
  value: unknown,
): Promise<JsonValue | undefined> {
  if (value === undefined) return undefined;
  const json = toJson(field, value, LIMITS.payloadBytes);
  return cipher.enabled ? cipher.seal(json, requestId, field) : json;
}
