import type { Context } from "../context.js";
import type { Clock } from "../domain/clock.js";
import { systemClock } from "../domain/clock.js";
import type { AttemptOutcome, LeasedDelivery } from "../store/verbs/webhooks.js";
import { buildBody } from "./body.js";
import { nextAttemptAt } from "./schedule.js";
import type { Sender, SendResult } from "./send.js";
import { signWebhook } from "./sign.js";

/** One try to deliver, from reading what is to be said to recording what came of it. */
export interface Attempt {
  /** Rejects only when the store does; the lease then runs out, and it is tried again. */
  make(delivery: LeasedDelivery): Promise<void>;
  /** Ends what is under way. */
  interrupt(): void;
}

type Outcome = SendResult | { readonly error: "body_unavailable" };

/** The receiver wants no more, ever. @see Standard Webhooks, "410 Gone" */
const GONE = 410;

export function createAttempt(
  parts: Pick<Context, "store" | "clock" | "publicUrl" | "log" | "metrics"> & {
    readonly sender: Sender;
    /** 0 … 1. Default `Math.random`. */
    readonly random?: () => number;
  },
): Attempt {
  const { store, clock, log, metrics, sender, random = Math.random } = parts;

  async function send(delivery: LeasedDelivery): Promise<Outcome | undefined> {
    const target = await store.webhookEndpoints.loadTarget(delivery.endpointId, clock.now());
    if (target === undefined) return undefined;
    const body = await writeBody(delivery);
    if (body === undefined) return { error: "body_unavailable" };
    const { eventId: id } = delivery;
    // By the system's clock, as the receiver's: what it is held against.
    const at = new Date(systemClock.now());
    return sender.send(target.url, signWebhook({ id, body, at }, target.secrets), body);
  }

  async function writeBody(delivery: LeasedDelivery): Promise<string | undefined> {
    try {
      return JSON.stringify(await buildBody(parts, delivery));
    } catch (error) {
      log.error({ err: error, delivery: delivery.id }, "a webhook could not be written");
      return undefined;
    }
  }

  return {
    async make(delivery) {
      const result = await send(delivery);
      // Disabled meanwhile: what was leased waits for its lease to end, and then for the endpoint.
      if (result === undefined) return;
      const outcome = judge(result, delivery.attempts, clock, random());
      if (!(await store.webhookDeliveries.settle(delivery, outcome))) return;
      metrics.observeWebhook(outcome.next.kind);
      if (outcome.next.kind === "dead" || outcome.next.kind === "gone") {
        const { id, endpointId } = delivery;
        log.warn({ delivery: id, endpoint: endpointId, ...result }, "a webhook is dead");
      }
    },
    interrupt: () => sender.close(),
  };
}

function judge(result: Outcome, attempts: number, clock: Clock, random: number): AttemptOutcome {
  const now = clock.now();
  if ("error" in result) return { error: result.error, next: later(attempts, now, random) };
  const { status, retryAfterMs } = result;
  if (status >= 200 && status < 300) return { status, next: { kind: "delivered", at: now } };
  if (status === GONE) return { status, next: { kind: "gone" } };
  return { status, next: later(attempts, now, random, retryAfterMs) };
}

function later(attempts: number, now: number, random: number, retryAfterMs?: number) {
  const at = nextAttemptAt(attempts, now, random, retryAfterMs);
  return at === undefined ? ({ kind: "dead" } as const) : ({ kind: "retry", at } as const);
}
