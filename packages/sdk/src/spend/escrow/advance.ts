import type { JsonValue } from "@holdpoint/protocol";
import { digestContent, digestStep, signContent } from "@holdpoint/protocol/escrow";
import { canonicalJson, invalidInput, LIMITS, toJson } from "../../core.js";
import type { ClientParts } from "../../late.js";
import type { Escrow } from "./escrow.js";
import { openSigner } from "./key.js";
import type { DisputeEscrowOptions, EscrowStepOptions, FulfilEscrowOptions } from "./options.js";
import { fetchEscrow, requireEscrowId } from "./read.js";
import { openEscrowAnswer } from "./view.js";

type Target = string | Pick<Escrow, "id">;

/** Signs that the work is done. What was said before is found, and not said otherwise. */
export async function fulfilEscrow(
  parts: ClientParts,
  target: Target,
  { signingKey, result }: FulfilEscrowOptions,
  signal: AbortSignal | undefined,
): Promise<Escrow> {
  const clear = toJson("result", result, LIMITS.payloadBytes);
  const escrow = await fetchTarget(parts, target, signal);
  if (escrow.result !== undefined && canonicalJson(escrow.result) === canonicalJson(clear)) {
    return escrow;
  }
  const sealed: JsonValue = escrow.encrypted
    ? await parts.cipher.seal(clear, escrow.requestId, "result")
    : clear;
  const step = await sign("fulfil", escrow, signingKey, {
    result_digest: await digestContent(sealed),
  });
  return send(parts, escrow, "fulfil", { step, result: sealed }, signal);
}

/** Signs that the money may go. */
export async function releaseEscrow(
  parts: ClientParts,
  target: Target,
  { signingKey }: EscrowStepOptions,
  signal: AbortSignal | undefined,
): Promise<Escrow> {
  const escrow = await fetchTarget(parts, target, signal);
  if (escrow.status === "RELEASED") return escrow;
  const step = await sign("release", escrow, signingKey, {});
  return send(parts, escrow, "release", { step }, signal);
}

/** Signs that a person is to decide. */
export async function disputeEscrow(
  parts: ClientParts,
  target: Target,
  { signingKey, reason }: DisputeEscrowOptions,
  signal: AbortSignal | undefined,
): Promise<Escrow> {
  if (reason !== undefined && (typeof reason !== "string" || reason.length > LIMITS.reasonLength)) {
    throw invalidInput("reason", `a text of at most ${LIMITS.reasonLength} characters`);
  }
  if (reason !== undefined && parts.cipher.enabled) {
    throw invalidInput("reason", "nothing, with an encryption key set: it would travel in clear");
  }
  const escrow = await fetchTarget(parts, target, signal);
  if (escrow.status === "DISPUTED") return escrow;
  const digest = reason === undefined ? {} : { reason_digest: await digestContent(reason) };
  const step = await sign("dispute", escrow, signingKey, digest);
  return send(parts, escrow, "dispute", { step, reason }, signal);
}

/** As it stands and verified, whatever the caller holds of it: the step is signed over that. */
function fetchTarget(parts: ClientParts, target: Target, signal: AbortSignal | undefined) {
  const id = typeof target === "string" ? target : target.id;
  return fetchEscrow(parts, requireEscrowId(id), signal);
}

async function sign(
  type: "fulfil" | "release" | "dispute",
  { id, requestId, envelope }: Escrow,
  signingKey: EscrowStepOptions["signingKey"],
  digests: object,
): Promise<string> {
  const content = {
    version: 1,
    type,
    escrow_id: id,
    request_id: requestId,
    previous_digest: await digestStep(envelope.steps.at(-1) ?? ""),
    ...digests,
  };
  return signContent(type, content as never, await openSigner(signingKey));
}

async function send(
  parts: ClientParts,
  { id, requestId }: Escrow,
  verb: "fulfil" | "release" | "dispute",
  fields: object,
  signal: AbortSignal | undefined,
): Promise<Escrow> {
  const path = `/v1/escrows/${id}/${verb}`;
  const body = JSON.stringify(fields);
  const answer = await parts.transport.call({ method: "POST", path, body, signal, requestId });
  return openEscrowAnswer(parts, answer, { id, signal });
}
