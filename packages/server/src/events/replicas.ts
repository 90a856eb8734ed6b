import type { CredentialEpoch } from "../auth/epoch.js";
import type { Clock } from "../domain/clock.js";
import type { Logger } from "../http/log.js";
import type { Change, ChangeFeed, OpenFeed } from "../store/feed.js";
import type { Wakeups } from "./wakeups.js";

/** How often the connection is made to prove that it hears, in milliseconds. */
const CHECK_MS = 15_000;
/** Wait before connecting again: doubled each time, to at most the second. */
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

/** Passes on what other control planes on the same database do. */
export interface Replicas {
  /** Connects for the first time. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface ReplicasOptions {
  /** `undefined` where there can be no other. */
  readonly feed: ChangeFeed | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly wakeups: Wakeups;
  readonly credentialEpoch: CredentialEpoch;
  /** Workers that act when something's time comes. */
  watch(change: Extract<Change, { kind: "event" }> & { readonly dueAt: number }): void;
  /** Looks for everything that may have happened unheard. */
  catchUp(): Promise<void>;
}

/**
 * While the connection is down nothing is lost, only late: whoever is held answers in the end by
 * itself, and every credential is asked for again. When it is back, all who wait are woken.
 */
export function createReplicas(options: ReplicasOptions): Replicas {
  const { feed, clock, log, wakeups, credentialEpoch } = options;
  let open: OpenFeed | undefined;
  let connecting: Promise<void> | undefined;
  let cancelTimer = () => {};
  let retryMs = FIRST_RETRY_MS;
  let stopped = false;

  function hear(change: Change): void {
    if (change.kind === "credentials") {
      credentialEpoch.advance();
      return;
    }
    const { projectId, requestId: id, type, dueAt } = change;
    if (dueAt !== undefined) options.watch({ ...change, dueAt });
    // Nobody waits for a request that has just been made, unless to be told of its end.
    if (type === "request.created") wakeups.notifyProject(projectId);
    else wakeups.notify({ id, projectId });
  }

  async function connect(from: ChangeFeed): Promise<void> {
    let hasEnded = false;
    const opened = await from.open({
      change: hear,
      ended() {
        hasEnded = true;
        lose();
      },
    });
    if (hasEnded) return;
    open = opened;
    retryMs = FIRST_RETRY_MS;
    credentialEpoch.trust();
    cancelTimer = clock.setTimer(() => check(opened), CHECK_MS);
    if (stopped) await disconnect();
  }

  function check(opened: OpenFeed): void {
    opened.check().then(
      () => {
        if (open === opened) cancelTimer = clock.setTimer(() => check(opened), CHECK_MS);
      },
      () => {
        if (open !== opened) return;
        opened.close().catch(() => {});
        lose();
      },
    );
  }

  function lose(): void {
    if (stopped) return;
    open = undefined;
    credentialEpoch.distrust();
    log.warn({}, "the connection that hears of other replicas is lost, connecting again");
    retry();
  }

  function retry(): void {
    cancelTimer();
    if (stopped || feed === undefined) return;
    cancelTimer = clock.setTimer(() => {
      connecting = reconnect(feed);
    }, retryMs);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  }

  async function reconnect(from: ChangeFeed): Promise<void> {
    try {
      await connect(from);
    } catch {
      retry();
      return;
    }
    wakeups.notifyAll();
    await options.catchUp().catch((error: unknown) => {
      log.error({ err: error }, "catching up with other replicas failed");
    });
  }

  async function disconnect(): Promise<void> {
    const last = open;
    open = undefined;
    await last?.close().catch(() => {});
  }

  return {
    async start() {
      if (feed === undefined) return;
      credentialEpoch.distrust();
      await connect(feed);
    },
    async stop() {
      stopped = true;
      cancelTimer();
      await connecting?.catch(() => {});
      await disconnect();
    },
  };
}
