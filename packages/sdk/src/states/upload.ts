import {
  encryptedStateBytes,
  encryptState,
  STATE_NONCE_PREFIX_BYTES,
  STATE_SALT_BYTES,
  type StateBinding,
} from "@holdpoint/protocol/state";
import { backoffMs, HoldpointError, isRetryable } from "../core.js";
import type { ClientParts } from "../late.js";
import { refusalOf } from "./refusal.js";
import type { StateSource } from "./source.js";
import { hostOf, Transfer, watch } from "./transfer.js";

/** What is to be uploaded, and where. */
export interface Upload extends StateBinding {
  readonly url: string;
  readonly key: Uint8Array;
  readonly source: StateSource;
}

/**
 * Uploads a state, and again after a passing failure where it can be read again. Every try draws
 * its own salt and nonce prefix: what is read may have changed in between.
 *
 * @returns Bytes sent, encrypted; `undefined` when it had been uploaded before.
 */
export async function uploadState(
  parts: ClientParts,
  upload: Upload,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  const { transport } = parts;
  for (let failures = 1; ; failures++) {
    try {
      return await attempt(parts, upload, signal);
    } catch (error) {
      const isLast = failures > transport.maxRetries || !upload.source.isRepeatable;
      if (!isRetryable(error) || isLast) throw error;
      await transport.sleep(backoffMs(failures, error.retryAfterMs), signal);
    }
  }
}

async function attempt(
  parts: ClientParts,
  { url, source, ...upload }: Upload,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  const host = hostOf(url);
  const transfer = new Transfer(parts, signal);
  const counted = new Counted(source.open());
  try {
    const encrypted = encryptState(counted, {
      ...upload,
      salt: crypto.getRandomValues(new Uint8Array(STATE_SALT_BYTES)),
      noncePrefix: crypto.getRandomValues(new Uint8Array(STATE_NONCE_PREFIX_BYTES)),
    });
    const response = await parts.options.fetch(url, {
      method: "PUT",
      // The URL is the permission: no credential goes with it, and nothing follows to another host.
      redirect: "manual",
      ...(await bodyOf(encrypted, source.sizeBytes, transfer)),
      signal: transfer.signal,
    });
    // The state is ours alone, so a conflict says that an earlier try arrived after all.
    const isThere = response.status === 409 || response.status === 412;
    if (!response.ok && !isThere) throw await refusalOf(response, host);
    await response.body?.cancel();
    return isThere ? undefined : encryptedStateBytes(counted.bytes);
  } catch (error) {
    // A source that fails says so itself; `fetch` would only say that something did.
    if (counted.failure !== undefined) throw counted.failure.reason;
    throw error instanceof HoldpointError ? error : transfer.failure(host, error);
  } finally {
    transfer.end();
  }
}

/** Below this, streaming gains nothing. */
const WHOLE_BYTES = 2 * 1_048_576;
/** How long a browser may take for what it sends on its own: as long as the URL is good. */
const WHOLE_MS = 3_600_000;

/**
 * The body in the form this runtime can send. Storage hosts want its length, which only Node, Bun
 * and Deno let us state for a stream; elsewhere it is gathered in a blob, which browsers keep on
 * disk when it is large.
 */
async function bodyOf(
  encrypted: ReadableStream<Uint8Array<ArrayBuffer>>,
  sizeBytes: number | undefined,
  transfer: Transfer,
): Promise<RequestInit> {
  const length = sizeBytes === undefined ? undefined : encryptedStateBytes(sizeBytes);
  const canStream = globalThis.process?.versions?.node !== undefined;
  if (canStream && (length === undefined || length > WHOLE_BYTES)) {
    const init: RequestInit & { duplex: "half" } = {
      body: watch(encrypted, transfer, true),
      duplex: "half",
      // Only with both of these does Node not keep a second copy of all that has been sent, in case
      // it has to be sent again.
      window: null,
      redirect: "error",
      headers: length === undefined ? {} : { "content-length": String(length) },
    };
    return init;
  }
  const body = await new Response(encrypted).blob();
  transfer.touch(WHOLE_MS);
  return { body };
}

/** Bytes on their way, counted. */
class Counted implements AsyncIterable<Uint8Array> {
  readonly #source: AsyncIterable<Uint8Array>;
  bytes = 0;
  failure: { readonly reason: unknown } | undefined;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of this.#source) {
        this.bytes += piece.length;
        yield piece;
      }
    } catch (reason) {
      this.failure = { reason };
      throw reason;
    }
  }
}
