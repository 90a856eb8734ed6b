import type { JsonValue, WireCreateObservations, WireObserve } from "@holdpoint/protocol";
import {
  BATCH_SIZE,
  backoffMs,
  createId,
  describePayload,
  hashSkeleton,
  isRetryable,
  type Observed,
  type Observer,
  type Sender,
  sleep,
  ValidationError,
} from "../core.js";
import type { ResolvedOptions } from "../options.js";
import type { FlushOptions } from "./options.js";

const DEFAULT_FLUSH_MS = 5_000;
const MAX_FLUSH_MS = 300_000;
/** What is asked waits so long for what was observed before it. */
const SETTLE_MS = 1_000;

/** Sends what an observer gathers, one batch after the other, the oldest first. */
export function createSender(observer: Observer): Sender {
  const { transport } = observer.parts;
  const describe = describer(observer);
  let running: Promise<void> | undefined;
  let endPause = () => {};
  /** The control plane has said how long to wait, and it is not over. */
  let isToldToWait = false;

  async function drain(): Promise<void> {
    while (observer.waiting.length > 0) {
      const taken = observer.waiting.splice(0, BATCH_SIZE);
      observer.sending = taken.length;
      const batch = (await Promise.all(taken.map(describe))).filter((wire) => wire !== undefined);
      account(observer, { sent: 0, left: batch.length });
      await deliver(batch);
    }
  }

  /** Tries until a batch is accepted, or nothing of it ever will be. */
  async function deliver(batch: readonly WireObserve[]): Promise<void> {
    let rest = batch;
    for (let failures = 1; rest.length > 0; ) {
      try {
        const body = JSON.stringify({ observations: rest } satisfies WireCreateObservations);
        // The same ids each time: what arrived although nobody heard of it counts once.
        const call = { method: "POST", path: "/v1/observations", isEmpty: true } as const;
        await transport.attempt({ ...call, body });
        account(observer, { sent: rest.length, left: 0 });
        return;
      } catch (error) {
        if (isRetryable(error)) {
          isToldToWait = error.retryAfterMs !== undefined;
          await pause(backoffMs(failures++, error.retryAfterMs));
          isToldToWait = false;
        } else {
          rest = withoutRefused(rest, error);
          account(observer, { sent: 0, left: rest.length });
        }
      }
    }
  }

  function pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, durationMs);
      (timer as { unref?: () => void }).unref?.();
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  function send(): Promise<void> {
    // While nothing can be sent too, so that no arguments are kept.
    for (const note of observer.waiting) void describe(note);
    running ??= drain().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function flush({ timeoutMs, signal }: FlushOptions): Promise<void> {
    const done = new AbortController();
    const signals = [signal, observer.parts.options.signal, done.signal];
    const time = sleep(boundedMs(timeoutMs), signals);
    endPause();
    try {
      await Promise.race([send(), time]);
    } finally {
      done.abort();
    }
  }

  async function settle(signal: AbortSignal | undefined): Promise<void> {
    if (!isToldToWait) await flush({ timeoutMs: SETTLE_MS, ...(signal && { signal }) });
  }

  return { send, flush, settle };
}

/** Of what was taken to be sent, so much is sent and so much left; the rest is lost. */
function account(
  observer: Observer,
  { sent, left }: { readonly sent: number; readonly left: number },
): void {
  observer.dropped += observer.sending - sent - left;
  observer.sent += sent;
  observer.sending = left;
}

/** Writes calls as they travel, each once; `undefined` for one whose shape has no hash. */
function describer(observer: Observer) {
  const described = new WeakMap<Observed, Promise<WireObserve | undefined>>();
  let last: Promise<unknown> = Promise.resolve();
  let lastMs = 0;
  return (note: Observed): Promise<WireObserve | undefined> => {
    const known = described.get(note);
    if (known !== undefined) return known;
    // Ids sort as the calls came, several in one millisecond too.
    lastMs = Math.max(lastMs + 1, note.observedAtMs);
    const id = createId("obs", lastMs);
    // One after the other: parsed, arguments take more room than as text.
    const wire = last
      .then(() => describe(id, note, observer.parts.options))
      .catch(() => undefined)
      .finally(() => observer.release(note));
    described.set(note, wire);
    last = wire;
    return wire;
  };
}

async function describe(
  id: string,
  note: Observed,
  options: ResolvedOptions,
): Promise<WireObserve | undefined> {
  const { service, action, runId, parentRequestId, endsRun } = note;
  const wire: { [Name in keyof WireObserve]: WireObserve[Name] | undefined } = {
    id,
    service,
    action,
    ...(await describeText(note, options.shield)),
    run_id: runId,
    parent_request_id: parentRequestId,
    environment: note.environment ?? options.environment,
    agent_label: options.agent,
    ends_run: endsRun === true ? true : undefined,
    observed_at: new Date(note.observedAtMs).toISOString(),
  };
  return wire as WireObserve;
}

async function describeText({ text, isWhole }: Observed, shield: ResolvedOptions["shield"]) {
  if (text === undefined) return {};
  const value = JSON.parse(text) as JsonValue;
  return isWhole ? describePayload(value, shield) : { skeleton_hash: await hashSkeleton(value) };
}

/** What may still be taken: all but what the control plane named, or nothing where it named none. */
function withoutRefused(batch: readonly WireObserve[], error: unknown): readonly WireObserve[] {
  const issues = error instanceof ValidationError ? (error.issues ?? []) : [];
  const refused = new Set(issues.map(({ path }) => /^\/observations\/(\d+)\//.exec(path)?.[1]));
  const rest = batch.filter((_, index) => !refused.has(String(index)));
  return rest.length < batch.length ? rest : [];
}

function boundedMs(given: unknown): number {
  const isUsable = typeof given === "number" && given > 0;
  return isUsable ? Math.min(given, MAX_FLUSH_MS) : DEFAULT_FLUSH_MS;
}
