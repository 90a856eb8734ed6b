import {
  ConflictError,
  DecryptionError,
  IdempotencyConflictError,
  invalidResponse,
  NotFoundError,
} from "../core.js";
import type { ClientParts } from "../late.js";
import {
  type DraftPurchaseOptions,
  draftPurchase,
  isSamePurchase,
  type PurchaseDraft,
} from "./draft.js";
import type { Purchase } from "./purchase.js";
import { fetchPurchase } from "./read.js";
import { openPurchase } from "./view.js";
import { parsePurchase } from "./wire.js";

/** Makes a purchase, or finds it where the same one was made before. */
export async function makePurchase(
  parts: ClientParts,
  options: DraftPurchaseOptions,
  signal?: AbortSignal,
): Promise<Purchase> {
  const draft = await draftPurchase(options, parts, signal);
  const { id, body } = draft;
  await parts.settleObserved(signal);
  try {
    const call = { method: "POST", path: "/v1/purchases", body, signal, requestId: id } as const;
    const made = await readSame(parts, draft, await parts.transport.call(call));
    if (made !== undefined) return made;
  } catch (error) {
    const isTaken = error instanceof ConflictError && error.code === "REQUEST_ID_CONFLICT";
    // Sealed again, what is the same travels as other bytes; so do words that were put otherwise.
    if (!isTaken || !(parts.cipher.enabled || draft.isKeyed)) throw error;
    const existing = await findSame(parts, draft, signal);
    if (existing !== undefined) return existing;
    throw draft.isKeyed ? keyConflict(id, error) : error;
  }
  throw invalidResponse("Expected the purchase that was asked for, got another", { requestId: id });
}

async function readSame({ cipher }: ClientParts, draft: PurchaseDraft, body: unknown) {
  const wire = parsePurchase(body, draft.id);
  const purchase = await openPurchase(wire, cipher);
  return isSamePurchase(draft, wire, purchase) ? purchase : undefined;
}

/** The purchase of this id, when it is the one that was drafted and can be read. */
async function findSame(
  parts: ClientParts,
  draft: PurchaseDraft,
  signal: AbortSignal | undefined,
): Promise<Purchase | undefined> {
  try {
    return await readSame(parts, draft, await fetchPurchase(parts, draft.id, signal));
  } catch (error) {
    // No purchase but another request, somebody else's, or one we cannot read: a conflict.
    if (error instanceof NotFoundError || error instanceof DecryptionError) return undefined;
    throw error;
  }
}

function keyConflict(requestId: string, cause: unknown): IdempotencyConflictError {
  const message = `Expected the key to stand for the amount, category, merchant, payee and description it was first used with, got others, or a purchase this client cannot read. ${requestId} is left as it is; use another key.`;
  return new IdempotencyConflictError({ code: "IDEMPOTENCY_CONFLICT", message, requestId, cause });
}
