import { type Diff, diffPayload, type JsonValue, type WireRequest } from "@holdpoint/protocol";
import type { Cipher } from "./encryption/cipher.js";
import { DecryptionError } from "./errors/encryption.js";
import { openPatch, openPayload } from "./requests/answer.js";
import { requireInteger } from "./requests/check.js";
import type { CallOptions } from "./requests/options.js";
import { listRequests } from "./requests/requests.js";
import type { Transport } from "./transport/transport.js";

export interface CorrectionsOptions extends CallOptions {
  readonly service: string;
  readonly action: string;
  /** How many at most. Integer, 1 … 100. Default 10. */
  readonly limit?: number;
}

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

const DEFAULT_LIMIT = 10;

/** Reads the newest edited requests and compares each edit here, where the key is. */
export async function fetchCorrections(
  transport: Transport,
  cipher: Cipher,
  { service, action, limit = DEFAULT_LIMIT, ...call }: CorrectionsOptions,
): Promise<readonly Correction[]> {
  const { data } = await listRequests(transport, {
    ...call,
    service,
    action,
    status: "APPROVED_WITH_MODIFICATIONS",
    includePayload: true,
    limit: requireInteger("limit", limit, 1, 100),
  });
  const corrections = await Promise.all(data.map((request) => readCorrection(request, cipher)));
  return corrections.filter((correction) => correction !== undefined);
}

async function readCorrection(
  request: WireRequest,
  cipher: Cipher,
): Promise<Correction | undefined> {
  try {
    const payload = await openPayload(request, cipher);
    const patchedPayload = await openPatch(request, cipher);
    if (patchedPayload === undefined || request.resolved_at === undefined) return undefined;
    return {
      requestId: request.id,
      payload,
      patchedPayload,
      diff: diffPayload(payload, patchedPayload),
      ...(request.reason === undefined ? {} : { reason: request.reason }),
      resolvedAt: new Date(request.resolved_at),
    };
  } catch (error) {
    // A key that has been rotated out must not hide the corrections that can be read.
    if (error instanceof DecryptionError) return undefined;
    throw error;
  }
}
