import { isFinalStatus } from "@holdpoint/protocol";
import type { Context } from "../context.js";
import type { ProjectCaller } from "../domain/caller.js";
import type { Request } from "../domain/request.js";
import { loadRequest } from "./load.js";

/**
 * One wait for a request to leave `PENDING`. Thousands of these idle at once, so a wait is one
 * small object: a subscription, a timer, and who to tell.
 */
export class RequestWait {
  readonly #context: Context;
  readonly #caller: ProjectCaller;
  readonly #requestId: string;
  readonly #release: readonly (() => void)[];
  #onEnd: (() => void) | undefined;
  #changed: Request | undefined;
  #hasEnded = false;

  /** Subscribes at once, so that a decision made while the request is first read is not missed. */
  constructor(context: Context, caller: ProjectCaller, requestId: string, waitMs: number) {
    this.#context = context;
    this.#caller = caller;
    this.#requestId = requestId;
    const end = (request?: Request) => this.#end(request);
    const { metrics, wakeups, clock, drain } = context;
    this.#release = [
      metrics.hold(),
      wakeups.onRequest(requestId, end),
      clock.setTimer(end, waitMs),
      drain.onDrain(end),
    ];
  }

  /** The request when it needs no waiting; `undefined` while it is pending. */
  async begin(): Promise<Request | undefined> {
    try {
      const request = await loadRequest(this.#context, this.#caller, this.#requestId);
      if (!isFinalStatus(request.status)) return undefined;
      this.cancel();
      return request;
    } catch (error) {
      this.cancel();
      throw error;
    }
  }

  /** Calls back once: decided, out of time, or closing. Not after {@link cancel}. */
  onEnd(callback: () => void): void {
    this.#onEnd = callback;
    if (this.#hasEnded) callback();
  }

  /** The request as it stands once the wait has ended. */
  async read(): Promise<Request> {
    return this.#changed ?? loadRequest(this.#context, this.#caller, this.#requestId);
  }

  /** Ends the wait without telling anybody. */
  cancel(): void {
    this.#onEnd = undefined;
    this.#end();
  }

  #end(request?: Request): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#changed = request;
    for (const release of this.#release) release();
    this.#onEnd?.();
  }
}
