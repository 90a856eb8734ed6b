import type { WireRequest } from "@holdpoint/protocol";
import { HoldpointError } from "../errors/base.js";
import { AlreadyDecidedError } from "../errors/conflict.js";
import { WaitTimeoutError, waitTimeout } from "../errors/wait.js";
import { isAbortReason, type Signals, sleep } from "../transport/abort.js";
import type { Transport } from "../transport/transport.js";
import { cancelRequest, fetchRequest } from "./calls.js";

/** What one try to cancel may take: whoever aborts or is out of time waits for it. */
const CANCEL_TIMEOUT_MS = 3_000;
const ABORT_CANCEL_PAUSE_MS = 250;

/**
 * Runs `work`; when it ends by an abort, cancels the request before the reason goes on.
 *
 * Tried twice: an abort can overtake the creation it interrupts, which then is not there yet. A
 * cancellation that fails, or comes after the answer, changes nothing: the reason is what counts.
 */
export async function cancellingOnAbort<T>(
  transport: Transport,
  id: string,
  signals: Signals,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAbortReason(error, signals)) await cancelDetached(transport, id);
    throw error;
  }
}

async function cancelDetached(transport: Transport, id: string): Promise<void> {
  const path = `/v1/requests/${id}/cancel`;
  const call = {
    method: "POST",
    path,
    detached: true,
    timeoutMs: CANCEL_TIMEOUT_MS,
  } as const;
  for (const isLast of [false, true]) {
    try {
      await transport.attempt(call);
      return;
    } catch (error) {
      if (isLast || error instanceof AlreadyDecidedError) return;
      await sleep(ABORT_CANCEL_PAUSE_MS, []);
    }
  }
}

/**
 * Runs `work`; when its deadline passes, cancels the request. Where an answer came first, that
 * answer is the result.
 */
export async function cancellingOnTimeout(
  transport: Transport,
  id: string,
  signal: AbortSignal | undefined,
  work: () => Promise<WireRequest>,
): Promise<WireRequest> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WaitTimeoutError)) throw error;
    return cancelOrFetch(transport, id, signal);
  }
}

async function cancelOrFetch(
  transport: Transport,
  id: string,
  signal: AbortSignal | undefined,
): Promise<WireRequest> {
  try {
    await cancelRequest(transport, id, signal, CANCEL_TIMEOUT_MS);
  } catch (error) {
    if (error instanceof AlreadyDecidedError) return fetchRequest(transport, id, signal);
    if (!(error instanceof HoldpointError)) throw error;
    throw waitTimeout(id, `Cancelling it failed (${error.code}), so it may still be open.`, error);
  }
  throw waitTimeout(id, "It has been cancelled.");
}
