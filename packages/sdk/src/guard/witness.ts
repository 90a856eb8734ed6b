import type { Diff, JsonObject, JsonValue, WireRequest } from "@holdpoint/protocol";
import { canonicalJson, diffPayload, isJsonObject, LIMITS, toJson } from "../core.js";
import type { Execution } from "../executions/execution.js";
import { digestWitness } from "../idempotency/derive.js";
import type { ClientParts } from "../late.js";

/** Where a request keeps what its witness said, among the labels: sealed when a key is set. */
const METADATA_NAME = "holdpoint.witness";

const CALLED_OFF_NAME = "holdpoint.called_off";

/**
 * What is recorded of a run that was called off because the world had moved. The mark is none that
 * the error of a run could carry.
 */
export const CALLED_OFF: JsonObject = {
  name: "WitnessChangedError",
  message: "What the approval rested on had changed before it ran. Nothing ran; it is asked again.",
  code: "WITNESS_CHANGED",
  [CALLED_OFF_NAME]: true,
};

/** Calls the caller's function and takes what it says as JSON. */
export async function readWitness<Args>(
  witness: ((args: Args) => unknown) | undefined,
  args: Args,
): Promise<JsonValue | undefined> {
  if (witness === undefined) return undefined;
  return toJson("witness", (await witness(args)) ?? null, LIMITS.payloadBytes);
}

/** What of a witness travels when asking: its digest, and itself where there is room. */
export async function packWitness(
  parts: ClientParts,
  requestId: string,
  witness: JsonValue,
  metadata: JsonObject | undefined,
): Promise<{ readonly digest: string | undefined; readonly metadata: JsonObject | undefined }> {
  const [digest] = await digestWitness(parts, requestId, witness);
  const sealed = await sealWitness(parts, requestId, witness);
  const packed = { ...metadata, [METADATA_NAME]: sealed };
  // Too large a witness is compared all the same; only what has changed cannot be shown then.
  const fits = new TextEncoder().encode(JSON.stringify(packed)).length <= LIMITS.metadataBytes;
  return { digest, metadata: fits ? packed : metadata };
}

/** True when a request was asked over exactly this witness. Fails closed: none is another one. */
export async function isSameWitness(
  parts: ClientParts,
  { id, witness_digest: asked }: WireRequest,
  witness: JsonValue,
): Promise<boolean> {
  return asked !== undefined && (await digestWitness(parts, id, witness)).includes(asked);
}

/** What has changed since a request was asked, as far as its witness still says. */
export async function diffWitness(
  { cipher }: ClientParts,
  request: WireRequest,
  now: JsonValue,
): Promise<Diff> {
  const { id, encrypted, metadata } = request;
  const packed = metadata[METADATA_NAME];
  if (packed === undefined) {
    return { summary: "It has changed; what it was before is not known.", changes: [] };
  }
  return diffPayload(await cipher.open({ id, encrypted }, packed, "witness"), now);
}

/** A change as it travels with the request that asks again. */
export function sealWitness(
  { cipher }: ClientParts,
  requestId: string,
  value: JsonValue,
): Promise<JsonValue> | JsonValue {
  return cipher.enabled ? cipher.seal(value, requestId, "witness") : value;
}

/** True when a run was called off because the world had moved: the question is put again. */
export function wasCalledOff({ status, error }: Execution): boolean {
  if (status !== "FAILED" || error === undefined || !isJsonObject(error)) return false;
  return error[CALLED_OFF_NAME] === true;
}

/** Diffs are JSON, but not by their type. */
export function diffAsJson(diff: Diff): JsonValue {
  return JSON.parse(canonicalJson(diff)) as JsonValue;
}
