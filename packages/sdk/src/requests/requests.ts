import type { Priority, RequestStatus } from "@holdpoint/protocol";
import type { HoldpointRequest } from "../views/request.js";
import type { CallOptions } from "./options.js";

/** Narrows a list; every member must hold. */
export interface ListRequestsOptions extends CallOptions {
  readonly status?: RequestStatus | readonly RequestStatus[];
  readonly priority?: Priority | readonly Priority[];
  readonly service?: string;
  readonly action?: string;
  readonly role?: string;
  readonly environment?: string;
  readonly runId?: string;
  /** Finds ids, services, actions and deciders that contain this text. Up to 200 characters. */
  readonly search?: string;
  /** `newest` first (default), or `triage`: most urgent first, then oldest first. */
  readonly order?: "newest" | "triage";
  /** Brings payloads and edits along. Default false. */
  readonly includePayload?: boolean;
  /** Integer, 1 … 100. Default 50. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

export interface RequestPage {
  readonly data: readonly HoldpointRequest[];
  /** Pass as `cursor` for the next page; `null` at the end. */
  readonly nextCursor: string | null;
}

/** This agent's requests as they stand. */
export interface Requests {
  /** @throws {NotFoundError} `REQUEST_NOT_FOUND`: no such request of this agent. */
  get(id: string, options?: CallOptions): Promise<HoldpointRequest>;
  /**
   * One page, newest first.
   *
   * @throws {DecryptionError} With `includePayload`: one of the requests does not open with the
   *   keys set, or is plaintext although a key is set.
   */
  list(options?: ListRequestsOptions): Promise<RequestPage>;
  /**
   * Withdraws a request nobody has decided. Cancelling twice is the same as once.
   *
   * @throws {AlreadyDecidedError} `ALREADY_DECIDED`: the answer came first and stands.
   */
  cancel(id: string, options?: CallOptions): Promise<HoldpointRequest>;
}
