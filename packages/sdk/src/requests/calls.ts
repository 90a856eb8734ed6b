import type { WireRequest } from "@holdpoint/protocol";
import { ConflictError, IdempotencyConflictError } from "../errors/conflict.js";
import { DecryptionError } from "../errors/encryption.js";
import { NotFoundError } from "../errors/not-found.js";
import type { ClientParts } from "../late.js";
import type { Transport } from "../transport/transport.js";
import { isSameRequest, openPayload } from "./answer.js";
import { requireRequestId } from "./check.js";
import type { Draft } from "./draft.js";
import { parseRequest } from "./wire.js";

export async function fetchRequest(
  transport: Transport,
  id: string,
  signal: AbortSignal | undefined,
): Promise<WireRequest> {
  const path = `/v1/requests/${requireRequestId(id)}`;
  return parseRequest(await transport.call({ method: "GET", path, signal, requestId: id }), id);
}

export async function cancelRequest(
  transport: Transport,
  id: string,
  signal?: AbortSignal,
  timeoutMs?: number,
): Promise<WireRequest> {
  const path = `/v1/requests/${requireRequestId(id)}/cancel`;
  const call = { method: "POST", path, signal, timeoutMs, requestId: id } as const;
  return parseRequest(await transport.call(call), id);
}

/**
 * Makes the request, or finds it where the same one was made before.
 *
 * Encryption draws a new nonce each time, so another process that asks again under the same id
 * sends other bytes and is told of a conflict; whether it is the same request is then seen here.
 * So it is where a key makes the id, and the program has changed labels or times since.
 *
 * @throws {IdempotencyConflictError} `IDEMPOTENCY_CONFLICT`: the key stands for something else.
 */
export async function createRequest(
  parts: ClientParts,
  draft: Draft,
  signal: AbortSignal | undefined,
): Promise<WireRequest> {
  const { id, body } = draft;
  await parts.settleObserved(signal);
  try {
    const call = { method: "POST", path: "/v1/requests", body, signal, requestId: id } as const;
    return parseRequest(await parts.transport.call(call), id);
  } catch (error) {
    const isTaken = error instanceof ConflictError && error.code === "REQUEST_ID_CONFLICT";
    if (!isTaken || !(parts.cipher.enabled || draft.isKeyed)) throw error;
    const existing = await findSame(parts, draft, signal);
    if (existing) return existing;
    throw draft.isKeyed ? keyConflict(id, error) : error;
  }
}

/** The request of this id, when it is the one that was drafted and can be read. */
async function findSame(
  { transport, cipher }: ClientParts,
  draft: Draft,
  signal: AbortSignal | undefined,
): Promise<WireRequest | undefined> {
  try {
    const existing = await fetchRequest(transport, draft.id, signal);
    const payload = await openPayload(existing, cipher);
    return isSameRequest(draft, existing, payload) ? existing : undefined;
  } catch (error) {
    // Somebody else's request, or one we cannot read: a conflict in either case.
    const isForeign = error instanceof NotFoundError && error.code !== "CONTENTS_DELETED";
    if (isForeign || error instanceof DecryptionError) return undefined;
    throw error;
  }
}

function keyConflict(requestId: string, cause: unknown): IdempotencyConflictError {
  const message = `Expected the key to stand for the service, action, role and payload it was first used with, got others, or a request this client cannot read. ${requestId} is left as it is; use another key.`;
  return new IdempotencyConflictError({ code: "IDEMPOTENCY_CONFLICT", message, requestId, cause });
}
