import { isFinalStatus } from "@holdpoint/protocol";
import type { Context } from "../context.js";
import type { ProjectCaller } from "../domain/caller.js";
import type { Execution } from "../domain/execution.js";
import type { Request } from "../domain/request.js";
import { loadExecution } from "./executions/load.js";
import { loadRequest } from "./load.js";

/**
 * One wait for a request, or its execution, to get its answer. Thousands of these idle at once, so
 * a wait is one small object: a subscription, a timer, and who to tell.
 */
export abstract class Wait<Thing> {
  protected readonly context: Context;
  protected readonly caller: ProjectCaller;
  readonly #release: (() => void)[] = [];
  #onEnd: (() => void) | undefined;
  #changed: Thing | undefined;
  #hasEnded = false;

  /** Subscribes at once, so that what happens while the thing is first read is not missed. */
  constructor(context: Context, caller: ProjectCaller, requestId: string, waitMs: number) {
    this.context = context;
    this.caller = caller;
    const { metrics, wakeups, clock, drain } = context;
    const end = () => this.#end();
    this.#release.push(
      metrics.hold(),
      wakeups.onRequest(requestId, (request) => this.#end(request && this.adopt(request))),
      clock.setTimer(end, waitMs),
    );
    // The last, and apart: where it closes already, this ends the wait and releases the others.
    this.#release.push(drain.onDrain(end));
  }

  protected abstract load(): Promise<Thing>;
  protected abstract isOver(thing: Thing): boolean;
  /** What a wake-up brought along, where that is what is waited for. */
  protected abstract adopt(request: Request): Thing | undefined;

  /** The thing when it needs no waiting; `undefined` while it has no answer. */
  async begin(): Promise<Thing | undefined> {
    try {
      const thing = await this.load();
      if (!this.isOver(thing)) return undefined;
      this.cancel();
      return thing;
    } catch (error) {
      this.cancel();
      throw error;
    }
  }

  /** Calls back once: answered, out of time, or closing. Not after {@link cancel}. */
  onEnd(callback: () => void): void {
    this.#onEnd = callback;
    if (this.#hasEnded) callback();
  }

  /** The thing as it stands once the wait has ended. */
  async read(): Promise<Thing> {
    return this.#changed ?? this.load();
  }

  /** Ends the wait without telling anybody. */
  cancel(): void {
    this.#onEnd = undefined;
    this.#end();
  }

  #end(changed?: Thing): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#changed = changed;
    for (const release of this.#release) release();
    this.#onEnd?.();
  }
}

/** Until a request leaves `PENDING`. */
export class RequestWait extends Wait<Request> {
  readonly #requestId: string;

  constructor(context: Context, caller: ProjectCaller, requestId: string, waitMs: number) {
    super(context, caller, requestId, waitMs);
    this.#requestId = requestId;
  }

  protected load(): Promise<Request> {
    return loadRequest(this.context, this.caller, this.#requestId);
  }

  protected isOver({ status }: Request): boolean {
    return isFinalStatus(status);
  }

  protected adopt(request: Request): Request {
    return request;
  }
}

/** Until an execution is no longer `CLAIMED`. */
export class ExecutionWait extends Wait<Execution> {
  readonly #executionId: string;

  constructor(
    context: Context,
    caller: ProjectCaller,
    execution: Pick<Execution, "id" | "requestId">,
    waitMs: number,
  ) {
    super(context, caller, execution.requestId, waitMs);
    this.#executionId = execution.id;
  }

  protected load(): Promise<Execution> {
    return loadExecution(this.context, this.caller, this.#executionId);
  }

  protected isOver({ status }: Execution): boolean {
    return status !== "CLAIMED";
  }

  protected adopt(): undefined {}
}
