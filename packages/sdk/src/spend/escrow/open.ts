import type { JsonObject, JsonValue } from "@holdpoint/protocol";
import {
  digestContent,
  digestStep,
  type EscrowOpening,
  signContent,
  type WireOpenEscrow,
} from "@holdpoint/protocol/escrow";
import {
  ConflictError,
  createId,
  IdempotencyConflictError,
  invalidInput,
  isId,
  LIMITS,
  toJson,
  ValidationError,
} from "../../core.js";
import { findRequestId, keySubject } from "../../idempotency/index.js";
import type { ClientParts } from "../../late.js";
import { readAmount } from "../amount.js";
import type { Escrow } from "./escrow.js";
import { findNewestKeyId, openSigner, registerKey, type Self, type Signer } from "./key.js";
import type { OpenEscrowOptions } from "./options.js";
import { fetchEscrow } from "./read.js";
import { openEscrowAnswer } from "./view.js";

/** Signs an opening and puts the money aside; or finds it where the same was opened before. */
export async function openEscrow(
  parts: ClientParts,
  options: OpenEscrowOptions,
  signal: AbortSignal | undefined,
): Promise<Escrow> {
  const signer = await openSigner(options.signingKey);
  const minor = readAmount("amount", options.amount, options.currency);
  const requestId = await chooseRequestId(options, parts, signal);
  const details = await prepareDetails(options, parts, requestId);
  const self = await registerKey(parts, signer, signal);
  const opening = await composeOpening(
    options,
    { self, signer, requestId, minor, details },
    parts,
    signal,
  );
  const body = JSON.stringify({
    step: await signContent("open", opening, signer),
    category: options.category,
    details,
    encrypted: parts.cipher.enabled ? true : undefined,
    agent_label: parts.options.agent,
    environment: options.environment ?? parts.options.environment,
    run_id: options.runId,
  } satisfies { [Key in keyof WireOpenEscrow]: unknown });
  const call = { method: "POST", path: "/v1/escrows", body, signal, requestId } as const;
  const id = opening.escrow_id;
  try {
    return await openEscrowAnswer(parts, await parts.transport.call(call), { id, signal });
  } catch (error) {
    const isTaken = error instanceof ConflictError && error.code === "REQUEST_ID_CONFLICT";
    if (!isTaken || options.idempotencyKey === undefined) throw error;
    return findSame(parts, options, opening, signal);
  }
}

interface Prepared {
  readonly self: Self;
  readonly signer: Signer;
  readonly requestId: string;
  readonly minor: bigint;
  readonly details: JsonValue | undefined;
}

async function composeOpening(
  options: OpenEscrowOptions,
  { self, signer, requestId, minor, details }: Prepared,
  parts: ClientParts,
  signal: AbortSignal | undefined,
): Promise<EscrowOpening> {
  const { payee, currency, parent } = options;
  if (!isId("agent", payee)) throw invalidInput("payee", "an agent's id (agt_ and 26 characters)");
  const payeeKeyId = options.payeeKeyId ?? (await findNewestKeyId(parts, payee, signal));
  if (payeeKeyId === undefined) throw noKeyOf(payee);
  return {
    version: 1,
    type: "open",
    // One draw for both: whoever knows the request knows the escrow.
    escrow_id: `esc_${requestId.slice("req_".length)}`,
    request_id: requestId,
    project_id: self.projectId,
    payer: { agent_id: self.agentId, key_id: signer.keyId },
    payee: { agent_id: payee, key_id: payeeKeyId },
    amount: { amount_minor: Number(minor), currency },
    terms_digest: await digestContent(details ?? {}),
    fulfil_by: timeOf("fulfilBy", options.fulfilBy),
    release_by: timeOf("releaseBy", options.releaseBy),
    ...(parent !== undefined && {
      parent: {
        escrow_id: parent.id,
        open_digest: await digestStep(parent.envelope.steps[0] ?? ""),
      },
    }),
  };
}

async function chooseRequestId(
  { idempotencyKey: key, environment }: OpenEscrowOptions,
  parts: ClientParts,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (key === undefined) return createId("req");
  const scope = {
    service: "spend",
    action: "escrow",
    environment: environment ?? parts.options.environment,
  };
  return findRequestId(parts, keySubject(scope, key), signal);
}

/** The terms as they travel. With an encryption key there are always some, if empty ones. */
async function prepareDetails(
  { description, comment, metadata }: OpenEscrowOptions,
  { cipher }: ClientParts,
  requestId: string,
): Promise<JsonValue | undefined> {
  const given = {
    description: text("description", description),
    comment: text("comment", comment),
    metadata: metadata && toJson("metadata", metadata, LIMITS.metadataBytes),
  };
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  const details = Object.fromEntries(said) as JsonObject;
  if (cipher.enabled) return cipher.seal(details, requestId, "payload");
  return said.length > 0 ? details : undefined;
}

/** Checked here, for the server cannot read what is encrypted. */
function text(name: string, value: unknown): string | undefined {
  const length = LIMITS.purchaseTextLength;
  if (value === undefined || (typeof value === "string" && value.length <= length)) return value;
  throw invalidInput(name, `a text of at most ${length} characters`);
}

function timeOf(name: string, value: unknown): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  throw invalidInput(name, "a Date");
}

/** The escrow that the key stands for, when it is the same in everything that matters. */
async function findSame(
  parts: ClientParts,
  options: OpenEscrowOptions,
  opening: EscrowOpening,
  signal: AbortSignal | undefined,
): Promise<Escrow> {
  const escrow = await fetchEscrow(parts, opening.escrow_id, signal);
  const isSame =
    escrow.payee.id === options.payee &&
    escrow.currency === options.currency &&
    readAmount("amount", escrow.amount, escrow.currency) === BigInt(opening.amount.amount_minor) &&
    escrow.category === options.category &&
    escrow.description === options.description &&
    escrow.parentEscrowId === options.parent?.id;
  if (isSame) return escrow;
  throw new IdempotencyConflictError({
    code: "IDEMPOTENCY_CONFLICT",
    message: `Expected the key to stand for the payee, amount, category and description it was first used with, got others. ${escrow.id} is left as it is; use another key.`,
    requestId: escrow.requestId,
  });
}

function noKeyOf(agentId: string): ValidationError {
  return new ValidationError({
    code: "ESCROW_KEY_UNKNOWN",
    message: `Expected ${agentId} to have registered a key, found none. Let it call spend.escrow.register first. No money was moved.`,
  });
}
