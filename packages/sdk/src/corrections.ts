import type { Cipher } from "./encryption/cipher.js";
import { DecryptionError } from "./errors/encryption.js";
import { requireInteger } from "./requests/check.js";
import type { CallOptions } from "./requests/options.js";
import { listRequests, openRequest } from "./requests/requests.js";
import type { Transport } from "./transport/transport.js";
import type { Correction } from "./views/correction.js";

export interface CorrectionsOptions extends CallOptions {
  readonly service: string;
  readonly action: string;
  /** How many at most. Integer, 1 … 100. Default 10. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 10;

/** Reads the newest edited requests, comparing each edit here, where the key is. */
export async function fetchCorrections(
  transport: Transport,
  cipher: Cipher,
  options: CorrectionsOptions,
): Promise<readonly Correction[]> {
  const { data } = await listRequests(transport, {
    ...options,
    limit: requireInteger("limit", options.limit ?? DEFAULT_LIMIT, 1, 100),
    status: "APPROVED_WITH_MODIFICATIONS",
    includePayload: true,
  });
  const opened = await Promise.all(
    data.map((request) => openRequest(request, cipher).catch(skipUnreadable)),
  );
  const { readCorrection } = await import("./views/index.js");
  return opened.flatMap((request) => (request && readCorrection(request)) ?? []);
}

/** A key that has been rotated out must not hide the corrections that can be read. */
function skipUnreadable(error: unknown): undefined {
  if (!(error instanceof DecryptionError)) throw error;
}
