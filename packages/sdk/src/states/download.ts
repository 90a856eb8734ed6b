import { decryptState, type StateFault, StateOpenError } from "@holdpoint/protocol/state";
import {
  backoffMs,
  DecryptionError,
  HoldpointError,
  invalidResponse,
  isRetryable,
  PermissionDeniedError,
} from "../core.js";
import type { ClientParts } from "../late.js";
import { refusalOf } from "./refusal.js";
import { join } from "./source.js";
import { hostOf, Transfer, watch } from "./transfer.js";

/** A state whose bytes are there. */
export interface Download {
  readonly parts: ClientParts;
  readonly id: string;
  readonly key: Uint8Array;
  readonly sizeBytes: number;
  readonly signal: AbortSignal | undefined;
  /** Where they are; asked anew where the last URL has expired. */
  locate(isExpired: boolean): Promise<string>;
}

/** The clear bytes as they come. Passing failures are tried again until the first byte. */
export async function openStream(
  download: Download,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  return retrying(download, () => attempt(download));
}

/** The clear bytes, all of them. Passing failures are tried again from the beginning. */
export async function readBytes(download: Download): Promise<Uint8Array<ArrayBuffer>> {
  return retrying(download, async () => {
    const reader = (await attempt(download)).getReader();
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return join(pieces, bytes);
      pieces.push(value);
      bytes += value.length;
    }
  });
}

async function retrying<Result>(
  { parts: { transport }, signal }: Download,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let failures = 1; ; failures++) {
    try {
      return await work();
    } catch (error) {
      if (!isRetryable(error) || failures > transport.maxRetries) throw error;
      await transport.sleep(backoffMs(failures, error.retryAfterMs), signal);
    }
  }
}

async function attempt(download: Download): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  try {
    return await fetchStream(download, await download.locate(false));
  } catch (error) {
    if (!(error instanceof PermissionDeniedError)) throw error;
    return fetchStream(download, await download.locate(true));
  }
}

async function fetchStream(
  { parts, id, key, sizeBytes, signal }: Download,
  url: string,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const host = hostOf(url);
  const transfer = new Transfer(parts, signal);
  const explain = (error: unknown): unknown => {
    transfer.end();
    if (error instanceof StateOpenError) return damaged(id, error);
    return error instanceof HoldpointError ? error : transfer.failure(host, error);
  };
  try {
    const init = { signal: transfer.signal, redirect: "manual" } as const;
    const response = await parts.options.fetch(url, init);
    if (response.status === 403) throw await expired(response);
    if (!response.ok) throw await refusalOf(response, host);
    if (response.body === null) throw invalidResponse("Expected the bytes of a state, got none");
    const encrypted = watch(response.body, transfer, false);
    const binding = { projectId: parts.options.projectId, stateId: id };
    const clear = decryptState(encrypted, { ...binding, key, encryptedBytes: sizeBytes });
    return explained(clear, explain, () => transfer.end());
  } catch (error) {
    throw explain(error);
  }
}

/** The same stream, failing with typed errors. */
function explained(
  clear: ReadableStream<Uint8Array<ArrayBuffer>>,
  explain: (error: unknown) => unknown,
  end: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = clear.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          end();
          controller.close();
        } catch (error) {
          throw explain(error);
        }
      },
      async cancel(reason) {
        end();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

async function expired(response: Response): Promise<PermissionDeniedError> {
  await response.body?.cancel();
  return new PermissionDeniedError({
    code: "STATE_URL_INVALID",
    message:
      "Expected the storage host to take the URL that the control plane signed, got HTTP 403. Check the clocks of both and the storage host's permissions.",
    status: 403,
  });
}

const EXPLANATIONS: Readonly<Record<StateFault, string>> = {
  not_a_state: "is no state of Holdpoint",
  unknown_version: "is in a format this SDK does not know; update it",
  wrong_place: "is that of another state or project",
  wrong_key: "does not fit its key",
  truncated: "is cut short",
  trailing_bytes: "has more bytes than were parked",
  not_authentic: "was changed",
};

function damaged(id: string, cause: StateOpenError): DecryptionError {
  const { fault } = cause;
  return new DecryptionError({
    code: fault === "truncated" ? "STATE_TRUNCATED" : "STATE_DAMAGED",
    message: `What is kept as ${id} ${EXPLANATIONS[fault]} (${fault}). Use nothing of it.`,
    cause,
  });
}
