import type { JsonObject, Priority } from "@holdpoint/protocol";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { StateData } from "../states/options.js";

/** A schema library's schema (zod, valibot, arktype …), or a JSON Schema 2020-12 object. */
export type PayloadSchema = StandardSchemaV1 | JsonSchema;

/** A JSON Schema. Always travels in clear, also when the payload is encrypted. */
export type JsonSchema = { readonly [keyword: string]: unknown } & {
  readonly "~standard"?: never;
};

/** The payload's type by its schema: what goes in, for that is what a person sees and edits. */
export type PayloadOf<Schema> = Schema extends StandardSchemaV1
  ? StandardSchemaV1.InferInput<Schema>
  : unknown;

/** One intended action to put before a person. */
export interface RequestOptions<Payload, Schema extends PayloadSchema = PayloadSchema> {
  /** The part of your system that acts, for example `billing`. One line, up to 100 characters. */
  readonly service: string;
  /** What it would do, for example `refund`. One line, up to 200 characters. */
  readonly action: string;
  /** The arguments: plain JSON, up to 256 KiB and 64 levels deep. */
  readonly payload: Payload;
  /** Default `medium`. */
  readonly priority?: Priority;
  /** Makes the edit form and binds every edit. The payload is checked before it is sent. */
  readonly schema?: Schema;
  /** Only operators of this role (or admins) may decide. */
  readonly role?: string;
  /**
   * Milliseconds until the request expires, on the server too. Integer, 1_000 … 2_592_000_000
   * (30 days). Default 86_400_000 (24 hours). Silence is never consent.
   */
  readonly timeoutMs?: number;
  /** Groups the requests of one run of the agent. Up to 200 characters. */
  readonly runId?: string;
  /** The request (`req_…`) this one follows from. */
  readonly parentRequestId?: string;
  /** Your own labels: JSON up to 16 KiB. Always travels in clear. */
  readonly metadata?: JsonObject;
  /** Default: the client's. */
  readonly environment?: string;
  /**
   * The agent's memory, to go on from wherever the answer arrives: parked before the request is
   * made, as {@link States.park} does, and named by it. With an `id` given, what was parked with it
   * first stays.
   */
  readonly state?: StateData;
  /**
   * The request's id (`req_` TypeID). Default: a new one. The same id with the same content makes
   * the request once and finds it again afterwards, from any process.
   */
  readonly id?: string;
  /**
   * Names the request in place of `id`: whoever asks the same under this key, in any process, asks
   * once and finds it again. The id is derived from it. Up to 255 characters.
   */
  readonly idempotencyKey?: string;
}

/** Whatever can be aborted: rejects with `signal.reason`, unchanged. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface AskOptions extends CallOptions {
  /** Cancels the request on the server when `signal` aborts. Default false: it stays open. */
  readonly cancelOnAbort?: boolean;
}

export interface WaitOptions<Schema extends PayloadSchema = PayloadSchema> extends AskOptions {
  /**
   * Milliseconds from the call, by the monotonic clock. Integer, 1 … 2_592_000_000 (30 days).
   * Default 86_400_000 (24 hours).
   */
  readonly timeoutMs?: number;
  /** Cancels the request on the server when the deadline passes. Default false: it stays open. */
  readonly cancelOnTimeout?: boolean;
  /** Checks an edited payload in this process too, and types the decision. */
  readonly schema?: Schema;
}
