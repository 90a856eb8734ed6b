import type { CallOptions } from "../requests/options.js";

/** A call of the agent's that nobody has to approve, told so that the shield knows what is usual. */
export interface ObservedCall {
  /** The part of your system that acted, for example `billing`. One line, up to 100 characters. */
  readonly service: string;
  /** What it did, for example `list-invoices`. One line, up to 200 characters. */
  readonly action: string;
  /**
   * The arguments, as JSON. Only hashes of them leave this process, never a value. They are copied
   * before `observe` returns, so changing them afterwards changes nothing: microseconds for a small
   * payload, milliseconds for thousands of values. Of more than 256 KiB, or while 4 MiB of others wait
   * to be hashed, only keys and types are looked at.
   */
  readonly payload?: unknown;
  /** Groups the calls of one run of the agent. Up to 200 characters. */
  readonly runId?: string;
  /** The request (`req_…`) this one follows from. */
  readonly parentRequestId?: string;
  /** Default: the client's. */
  readonly environment?: string;
  /**
   * The last call of its run. Default false: a run is over once nothing has happened in it for half an
   * hour.
   */
  readonly endsRun?: boolean;
}

export interface FlushOptions extends CallOptions {
  /** Milliseconds from the call. Integer, 1 … 300_000. Default 5_000. */
  readonly timeoutMs?: number;
}

/** What has become of the calls observed by this client. */
export interface FlushResult {
  /** Accepted by the control plane since the client was made. */
  readonly sent: number;
  /** Lost since the client was made: not usable, refused, or too many for the buffer of 1,000. */
  readonly dropped: number;
  /** Still here: the time was up first. They are sent later, as long as the process lives. */
  readonly pending: number;
}
