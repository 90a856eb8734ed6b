import { isFinalStatus } from "@holdpoint/protocol";
import type { Context } from "../context.js";
import type { ProjectCaller } from "../domain/caller.js";
import type { Request } from "../domain/request.js";
import { loadRequest } from "./load.js";

/** Calls back when the client has gone; the returned function stops listening. */
export type OnDisconnect = (callback: () => void) => () => void;

/**
 * The request once it has left `PENDING`, or as it stands when `waitMs` has passed, the client has
 * gone, or the control plane is closing.
 */
export async function waitForRequest(
  context: Context,
  caller: ProjectCaller,
  requestId: string,
  waitMs: number,
  onDisconnect: OnDisconnect,
): Promise<Request> {
  const held = hold(context, requestId, waitMs, onDisconnect);
  try {
    // Subscribed first, read second: a decision between the two is not missed.
    const request = await loadRequest(context, caller, requestId);
    if (isFinalStatus(request.status)) return request;
    return (await held.changed) ?? (await loadRequest(context, caller, requestId));
  } finally {
    held.release();
  }
}

/**
 * Holds one waiter: a subscription and a timer. Thousands of these idle at once, so nothing else
 * is kept here.
 */
function hold(
  { wakeups, clock, drain, metrics }: Context,
  requestId: string,
  waitMs: number,
  onDisconnect: OnDisconnect,
): { readonly changed: Promise<Request | undefined>; release(): void } {
  let end: (request?: Request) => void = () => {};
  const changed = new Promise<Request | undefined>((resolve) => {
    end = resolve;
  });
  const unhold = metrics.hold();
  const unsubscribe = wakeups.onRequest(requestId, end);
  const stopTimer = clock.setTimer(end, waitMs);
  const stopListening = onDisconnect(end);
  const stopDrain = drain.onDrain(end);
  return {
    changed,
    release() {
      unhold();
      unsubscribe();
      stopTimer();
      stopListening();
      stopDrain();
    },
  };
}
