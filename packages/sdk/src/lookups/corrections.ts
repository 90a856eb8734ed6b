import { DecryptionError, requireInteger } from "../core.js";
import type { ClientParts } from "../late.js";
import type { CallOptions } from "../requests/options.js";
import { type Correction, readCorrection } from "../views/correction.js";
import { listRequests, openRequest } from "./requests.js";

export interface CorrectionsOptions extends CallOptions {
  readonly service: string;
  readonly action: string;
  /** How many at most. Integer, 1 … 100. Default 10. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 10;

/** Reads the newest edited requests, comparing each edit here, where the key is. */
export async function fetchCorrections(
  { transport, cipher }: ClientParts,
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
  return opened.flatMap((request) => (request && readCorrection(request)) ?? []);
}

/** A key that has been rotated out must not hide the corrections that can be read. */
function skipUnreadable(error: unknown): undefined {
  if (!(error instanceof DecryptionError)) throw error;
}
