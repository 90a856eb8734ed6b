import type { VerifiedEscrow, WireEscrow } from "@holdpoint/protocol/escrow";
import { formatAmount } from "@holdpoint/protocol/spend/core";
import { invalidResponse, isJsonObject } from "../../core.js";
import type { ClientParts } from "../../late.js";
import type { Escrow } from "./escrow.js";
import { verifyAnswer } from "./verify.js";
import { parseEscrow } from "./wire.js";

/**
 * An escrow as callers see it: read, verified and decrypted. What both signed is taken from what they
 * signed, and must be what was answered beside it.
 *
 * @throws {ReceiptVerificationError} `ESCROW_…`: what is signed does not hold.
 * @throws {DecryptionError} It does not open, or is plaintext although a key is set.
 */
export async function openEscrowAnswer(
  parts: ClientParts,
  body: unknown,
  { id, signal }: { readonly id?: string; readonly signal?: AbortSignal | undefined },
): Promise<Escrow> {
  const wire = parseEscrow(body, id);
  const { opening, stage } = await verifyAnswer(parts, wire, signal);
  requireSame(wire, opening, stage);
  const { request_id: requestId, encrypted, dispute } = wire;
  const cipher = (value: unknown, field: "payload" | "result") =>
    parts.cipher.open({ id: requestId, encrypted }, value, field);
  const { details, result } = wire;
  const terms = details === undefined ? {} : await cipher(details, "payload");
  if (!isJsonObject(terms)) throw invalidResponse("Expected the terms of an escrow", { requestId });
  const view = {
    id: wire.id,
    requestId,
    status: wire.status,
    payer: wire.payer,
    payee: wire.payee,
    amount: formatAmount(BigInt(opening.amount.amount_minor), opening.amount.currency),
    currency: opening.amount.currency,
    category: wire.category,
    description: terms.description,
    comment: terms.comment,
    metadata: terms.metadata,
    encrypted,
    fulfilBy: new Date(opening.fulfil_by),
    releaseBy: new Date(opening.release_by),
    parentEscrowId: opening.parent?.escrow_id,
    rootEscrowId: wire.root_escrow_id,
    result: result === undefined ? undefined : await cipher(result, "result"),
    dispute: dispute && {
      by: dispute.by,
      ...(dispute.reason !== undefined && { reason: dispute.reason }),
      requestId: dispute.request_id,
    },
    reason: wire.reason,
    createdAt: new Date(wire.created_at),
    fulfilledAt: optionalDate(wire.fulfilled_at),
    endedAt: optionalDate(wire.ended_at),
    envelope: wire.envelope,
    url: wire.url,
  };
  const present = Object.entries(view).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as unknown as Escrow;
}

/** An answer that says other than what was signed is not to be believed. */
function requireSame(
  { request_id, payer, payee, amount, status }: WireEscrow,
  opening: VerifiedEscrow["opening"],
  stage: VerifiedEscrow["stage"],
): void {
  const isSame =
    request_id === opening.request_id &&
    payer.id === opening.payer.agent_id &&
    payee.id === opening.payee.agent_id &&
    amount.amount_minor === opening.amount.amount_minor &&
    amount.currency === opening.amount.currency;
  if (!isSame || !STATUSES[stage].includes(status)) {
    throw invalidResponse("Expected an escrow that says what both agents signed", {
      requestId: request_id,
    });
  }
}

/**
 * What may be said of an escrow that its parties have signed so far: a time that is up and a person's
 * answer are the control plane's word.
 */
const STATUSES: Readonly<Record<VerifiedEscrow["stage"], readonly WireEscrow["status"][]>> = {
  OPEN: ["PENDING", "OPEN", "DISPUTED", "RELEASED", "RETURNED", "VOID"],
  FULFILLED: ["FULFILLED", "DISPUTED", "RELEASED", "RETURNED"],
  DISPUTED: ["DISPUTED", "RELEASED", "RETURNED"],
  RELEASED: ["RELEASED"],
};

function optionalDate(time: string | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}
