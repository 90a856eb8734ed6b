import type { JsonValue, RequestEventType, WireActor } from "@holdpoint/protocol";
import type { Execution } from "../executions/execution.js";
import type { Decision } from "../requests/decision.js";
import type { LoadedState } from "../states/options.js";
import type { HoldpointRequest } from "../views/request.js";
import type { ShieldVerdict } from "../views/shield.js";

/** What a project's control plane tells: look at `type` first. */
export type WebhookEvent =
  | WebhookTestEvent
  | RequestCreatedEvent
  | RequestEndorsedEvent
  | ShieldAnomalyEvent
  | RequestResolvedEvent
  | ExecutionEvent
  | PurchaseEvent;

/** Somebody pressed the test button. */
export interface WebhookTestEvent extends WebhookEventBase {
  readonly type: "webhook.test";
}

/** An agent asks. */
export interface RequestCreatedEvent extends RequestEventBase {
  readonly type: "request.created";
}

/** One of several people who have to approve has approved: `actor`. It is no answer yet. */
export interface RequestEndorsedEvent extends RequestEventBase {
  readonly type: "request.endorsed";
}

/** A request is unlike what its service is known to do. */
export interface ShieldAnomalyEvent extends RequestEventBase {
  readonly type: "shield.anomaly";
  /** Why, and what it has changed: `effect` says whether it waits for a person because of it. */
  readonly verdict: ShieldVerdict;
}

/** A request has its answer. */
export interface RequestResolvedEvent extends RequestEventBase {
  readonly type: "request.approved" | "request.rejected" | "request.expired" | "request.cancelled";
  /** Look at `approved` first: only then is there something to run. */
  readonly decision: Decision<JsonValue>;
}

/** Something became of the run under an approval. */
export interface ExecutionEvent extends RequestEventBase {
  readonly type: Extract<RequestEventType, `execution.${string}`>;
  readonly decision: Decision<JsonValue>;
  /** As it stood when this was sent, which may be later than the event. */
  readonly execution: Execution;
}

/** Money was held, paid or given back. Whether it may be paid, `spend.get(event.request.id)` says. */
export interface PurchaseEvent extends RequestEventBase {
  readonly type: Extract<RequestEventType, `purchase.${string}`>;
  readonly purchase: MovedMoney;
}

/** What an event moved. */
export interface MovedMoney {
  /** Decimal text with all decimals of the currency. */
  readonly amount: string;
  readonly currency: string;
  readonly category: string;
  readonly payee?: string;
  /** Confirmed after the hold had expired. */
  readonly late: boolean;
}

interface WebhookEventBase {
  /** `evt_…`, the `webhook-id` of every delivery of this event. */
  readonly id: string;
  /** When it happened, by the server's clock. */
  readonly timestamp: Date;
}

interface RequestEventBase extends WebhookEventBase {
  /** Decrypted, and as it stood when this was sent, which may be later than the event. */
  readonly request: HoldpointRequest;
  readonly actor: WireActor;
  /** The receipt (`rcp_…`) of the event. */
  readonly receiptId: string;
  /** `states.load` of what was parked with the request; `undefined` when nothing was. */
  loadState(): Promise<LoadedState | undefined>;
}

/** The headers as they came: a fetch `Headers`, or Node's object. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** One secret (`whsec_…`), several separated by commas, or several: any of them may have signed. */
export type WebhookSecrets = string | readonly string[];

/**
 * Remembers what has been handled. Share one between processes (Redis: `SET NX PX`, `EXISTS`,
 * `DEL`) where a webhook may reach any of them.
 */
export interface ReplayMemory {
  /** Takes a name until `expiresAt`, atomically: true for whoever takes it, false while it is taken. */
  add(name: string, expiresAt: Date): boolean | Promise<boolean>;
  has(name: string): boolean | Promise<boolean>;
  delete(name: string): unknown;
}

export type WebhookListener<Event extends WebhookEvent = WebhookEvent> = (event: Event) => unknown;

/** A listener per type; what has none is taken note of and left. */
export type WebhookListeners = {
  readonly [Type in WebhookEvent["type"]]?: WebhookListener<EventOf<Type>>;
};

type EventOf<Type extends WebhookEvent["type"]> = WebhookEvent extends infer Event
  ? Event extends WebhookEvent
    ? Type extends Event["type"]
      ? Event
      : never
    : never
  : never;

export interface WebhookHandlerOptions {
  /** What to do, awaited before the answer. One that throws is called again with the redelivery. */
  readonly on: WebhookListener | WebhookListeners;
  /** Default: `HOLDPOINT_WEBHOOK_SECRET`. */
  readonly secret?: WebhookSecrets;
  /** Default: the last 10,000 events handled by this handler, in this process. */
  readonly seen?: ReplayMemory;
  /** Told of everything not answered with 2xx. Default: `console.error`, what fails to verify excepted. */
  readonly onError?: (error: unknown) => unknown;
}

/** Takes a fetch `Request` and answers it. Never rejects but for a configuration that cannot work. */
export type WebhookHandler = (request: Request) => Promise<Response>;

/** Takes what the control plane posts. */
export interface Webhooks {
  /**
   * Verifies a webhook and reads it, decrypted.
   *
   * @param rawBody - The body's exact bytes, or their text. Not the parsed JSON.
   * @param secret - Default: `HOLDPOINT_WEBHOOK_SECRET`.
   * @throws {WebhookVerificationError} `WEBHOOK_SIGNATURE_INVALID`: not signed with a secret given;
   *   `WEBHOOK_TIMESTAMP_INVALID`: more than five minutes from this clock; `WEBHOOK_MALFORMED`.
   * @throws {DecryptionError} Signed, but does not open with the keys set: treat as not approved.
   * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no secret, or no `whsec_` one.
   */
  unwrap(
    rawBody: string | Uint8Array,
    headers: WebhookHeaders,
    secret?: WebhookSecrets,
  ): Promise<WebhookEvent>;
  /**
   * A fetch-style handler: for Next.js route handlers, Hono, Deno, Bun and workers as it is.
   *
   * 200: handled, now or before. 400, 401: not to be believed. 409: being handled elsewhere. 500: a
   * listener threw; the event is forgotten, so that its redelivery is handled.
   */
  handler(options: WebhookHandlerOptions): WebhookHandler;
}
