import type { JsonValue, WireCreateObservations, WireObserve } from "@holdpoint/protocol";
import {
  BATCH_SIZE,
  backoffMs,
  createId,
  hashSkeleton,
  isRetryable,
  type Observed,
  type Observer,
  type Sender,
  sleep,
  ValidationError,
} from "../core.js";
import type { FlushOptions } from "./options.js";

const DEFAULT_FLUSH_MS = 5_000;
const MAX_FLUSH_MS = 300_000;

/** Sends what an observer gathers, one batch after the other, the oldest first. */
export function createSender(observer: Observer): Sender {
  const { transport } = observer.parts;
  const describe = describer(observer);
  let running: Promise<void> | undefined;
  let endPause = () => {};

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
        if (isRetryable(error)) await pause(backoffMs(failures++, error.retryAfterMs));
        else {
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

  return { send, flush };
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

/** Writes calls as they travel; `undefined` for one whose shape has no hash. */
function describer({ parts: { options } }: Observer) {
  let lastMs = 0;
  return async (call: Observed): Promise<WireObserve | undefined> => {
    // Ids sort as the calls came, several in one millisecond too.
    lastMs = Math.max(lastMs + 1, call.observedAtMs);
    const id = createId("obs", lastMs);
    try {
      const { service, action, runId, parentRequestId, shape } = call;
      const environment = call.environment ?? options.environment;
      const wire: { [Name in keyof WireObserve]: WireObserve[Name] | undefined } = {
        id,
        service,
        action,
        skeleton_hash: shape === undefined ? undefined : await hashShape(shape),
        run_id: runId,
        parent_request_id: parentRequestId,
        environment,
        agent_label: options.agent,
        observed_at: new Date(call.observedAtMs).toISOString(),
      };
      return wire as WireObserve;
    } catch {
      return undefined;
    }
  };
}

function hashShape(shape: string): Promise<string> {
  return hashSkeleton(JSON.parse(shape) as JsonValue);
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
