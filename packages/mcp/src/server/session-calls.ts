import { randomUUID } from "node:crypto";

/** A question whose answer the client has not been given yet. */
interface OpenCall {
  readonly key: string;
  readonly endsAtMs: number;
  requestId?: string;
}

/**
 * The questions of one session that are still open, so that a model that asks again after a
 * time-out finds its request and makes no second one.
 *
 * A call is forgotten once its answer has been handed over: from then on the same question is a new
 * one, for a person to decide anew. It keeps digests, no arguments.
 */
export class SessionCalls {
  readonly #open = new Map<string, OpenCall>();

  /** The idempotency key of this question: the one it had before, or a new one. */
  keyFor(digest: string, timeoutMs: number): string {
    const now = performance.now();
    for (const [each, { endsAtMs }] of this.#open) if (endsAtMs <= now) this.#open.delete(each);
    const known = this.#open.get(digest);
    if (known) return known.key;
    const key = `mcp-session:${randomUUID()}`;
    this.#open.set(digest, { key, endsAtMs: now + timeoutMs });
    return key;
  }

  /** Remembers which request the question became. */
  made(digest: string, requestId: string): void {
    const call = this.#open.get(digest);
    if (call) call.requestId = requestId;
  }

  /** The answer has been handed over. */
  settle(requestId: string): void {
    for (const [digest, call] of this.#open) {
      if (call.requestId === requestId) this.#open.delete(digest);
    }
  }
}
