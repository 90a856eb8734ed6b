import { isFinalStatus, LIMITS, type WireRequest } from "@holdpoint/protocol";
import { waitTimeout } from "../errors/wait.js";
import { backoffMs, isRetryable } from "../transport/backoff.js";
import type { Deadline } from "../transport/deadline.js";
import type { Transport } from "../transport/transport.js";
import { parseRequest } from "./wire.js";

/** What a held call may take beyond the time it asks to be held. */
const HELD_MARGIN_MS = 10_000;
/** The same for the last call before the deadline, so that waiting ends close to it. */
const LAST_MARGIN_MS = 2_000;
/** A call held for less than this was not really held; repeating it at once would be a busy loop. */
const HELD_AT_LEAST_MS = 500;

export interface WaitPlan {
  readonly deadline: Deadline;
  readonly signal?: AbortSignal | undefined;
}

/** What is waited for: read anew with every call, until it is final. */
export interface Held<Answer> {
  /** The request's id. */
  readonly id: string;
  /** Begins with `/v1/`; takes `wait_ms`. */
  readonly path: string;
  readonly read: (body: unknown) => Answer;
  readonly isFinal: (answer: Answer) => boolean;
}

/** Holds one call after another until the request leaves `PENDING`. */
export function waitForAnswer(
  transport: Transport,
  id: string,
  plan: WaitPlan,
): Promise<WireRequest> {
  const held = {
    id,
    path: `/v1/requests/${id}`,
    read: (body: unknown) => parseRequest(body, id),
    isFinal: ({ status }: WireRequest) => isFinalStatus(status),
  };
  return waitUntilFinal(transport, held, plan);
}

/**
 * Holds one call after another until what is awaited is final.
 *
 * After a passing failure it backs off and goes on till the deadline. Only a control plane that
 * has not answered a single call is given up like any other call, so that a wrong URL shows.
 *
 * @throws {WaitTimeoutError} `WAIT_TIMEOUT`, with the last failure as its cause.
 */
export async function waitUntilFinal<Answer>(
  transport: Transport,
  held: Held<Answer>,
  { deadline, signal }: WaitPlan,
): Promise<Answer> {
  let failures = 0;
  let lastFailure: unknown;
  for (;;) {
    const startedAtMs = performance.now();
    let delayMs = 0;
    try {
      const answer = held.read(await hold(transport, held, deadline, signal));
      if (held.isFinal(answer)) return answer;
      lastFailure = undefined;
      const wasHeld = performance.now() - startedAtMs >= HELD_AT_LEAST_MS;
      failures = wasHeld ? 0 : failures + 1;
      delayMs = wasHeld ? 0 : backoffMs(failures);
    } catch (error) {
      const isLost = !transport.hasAnswered && failures >= transport.maxRetries;
      if (isLost || !isRetryable(error)) throw error;
      lastFailure = error;
      failures += 1;
      delayMs = backoffMs(failures, error.retryAfterMs);
    }
    if (deadline.remainingMs() === 0) {
      throw waitTimeout(held.id, "Wait again with the same id.", lastFailure);
    }
    if (delayMs > 0) await transport.sleep(Math.min(delayMs, deadline.remainingMs()), signal);
  }
}

function hold(
  transport: Transport,
  { id, path }: Pick<Held<unknown>, "id" | "path">,
  deadline: Deadline,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const remainingMs = deadline.remainingMs();
  const waitMs = Math.min(LIMITS.defaultWaitMs, remainingMs);
  const marginMs = waitMs < remainingMs ? HELD_MARGIN_MS : LAST_MARGIN_MS;
  return transport.attempt({
    method: "GET",
    path: `${path}?wait_ms=${waitMs}`,
    timeoutMs: waitMs + marginMs,
    requestId: id,
    signal,
  });
}
