import {
  diffPayload,
  isJsonObject,
  type Priority,
  type RequestStatus,
  type WireRequest,
} from "@holdpoint/protocol";
import type { Cipher } from "../encryption/cipher.js";
import { ConflictError } from "../errors/conflict.js";
import { DecryptionError } from "../errors/encryption.js";
import { NotFoundError } from "../errors/not-found.js";
import { invalidResponse } from "../errors/response.js";
import type { Transport } from "../transport/transport.js";
import type { HoldpointRequest } from "../views/request.js";
import { isSameRequest, openPatch, openPayload } from "./answer.js";
import { requireRequestId } from "./check.js";
import type { Draft } from "./draft.js";
import type { CallOptions } from "./options.js";
import { parseRequest } from "./wire.js";

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
export class Requests {
  readonly #transport: Transport;
  readonly #cipher: Cipher;

  constructor(transport: Transport, cipher: Cipher) {
    this.#transport = transport;
    this.#cipher = cipher;
  }

  /** @throws {NotFoundError} `REQUEST_NOT_FOUND`: no such request of this agent. */
  async get(id: string, { signal }: CallOptions = {}): Promise<HoldpointRequest> {
    return openRequest(await fetchRequest(this.#transport, id, signal), this.#cipher);
  }

  /**
   * One page, newest first.
   *
   * @throws {DecryptionError} With `includePayload`: one of the requests does not open with the
   *   keys set, or is plaintext although a key is set.
   */
  async list(options: ListRequestsOptions = {}): Promise<RequestPage> {
    const { data, nextCursor } = await listRequests(this.#transport, options);
    const views = data.map((request) => openRequest(request, this.#cipher));
    return { data: await Promise.all(views), nextCursor };
  }

  /**
   * Withdraws a request nobody has decided. Cancelling twice is the same as once.
   *
   * @throws {AlreadyDecidedError} `ALREADY_DECIDED`: the answer came first and stands.
   */
  async cancel(id: string, { signal }: CallOptions = {}): Promise<HoldpointRequest> {
    return openRequest(await cancelRequest(this.#transport, id, signal), this.#cipher);
  }
}

/** A request as callers see it, decrypted and compared. */
export async function openRequest(request: WireRequest, cipher: Cipher): Promise<HoldpointRequest> {
  const payload = request.payload === undefined ? undefined : await openPayload(request, cipher);
  const patchedPayload = await openPatch(request, cipher);
  const hasBoth = payload !== undefined && patchedPayload !== undefined;
  const diffSummary = hasBoth ? diffPayload(payload, patchedPayload) : undefined;
  const { viewRequest } = await import("../views/index.js");
  return viewRequest(request, { payload, patchedPayload, diffSummary });
}

export async function fetchRequest(
  transport: Transport,
  id: string,
  signal: AbortSignal | undefined,
): Promise<WireRequest> {
  const path = `/v1/requests/${requireRequestId(id)}`;
  return parseRequest(await transport.call({ method: "GET", path, signal, requestId: id }), id);
}

export async function cancelRequest(
  transport: Transport,
  id: string,
  signal?: AbortSignal,
  timeoutMs?: number,
): Promise<WireRequest> {
  const path = `/v1/requests/${requireRequestId(id)}/cancel`;
  const call = { method: "POST", path, signal, timeoutMs, requestId: id } as const;
  return parseRequest(await transport.call(call), id);
}

export async function listRequests(
  transport: Transport,
  { signal, ...filters }: ListRequestsOptions,
): Promise<{ data: readonly WireRequest[]; nextCursor: string | null }> {
  const path = `/v1/requests${queryOf(filters)}`;
  const body = await transport.call({ method: "GET", path, signal });
  if (!isJsonObject(body) || !Array.isArray(body.data)) throw invalidResponse("Expected a list");
  const { next_cursor } = body;
  if (next_cursor !== null && typeof next_cursor !== "string") {
    throw invalidResponse("Expected a list with next_cursor");
  }
  return { data: body.data.map((item) => parseRequest(item)), nextCursor: next_cursor };
}

/**
 * Makes the request, or finds it where the same one was made before.
 *
 * Encryption draws a new nonce each time, so another process that asks again under the same id
 * sends other bytes and is told of a conflict; whether it is the same request is then seen here.
 */
export async function createRequest(
  transport: Transport,
  cipher: Cipher,
  draft: Draft,
  signal: AbortSignal | undefined,
): Promise<WireRequest> {
  const { id, body } = draft;
  try {
    const call = { method: "POST", path: "/v1/requests", body, signal, requestId: id } as const;
    return parseRequest(await transport.call(call), id);
  } catch (error) {
    const isTaken = error instanceof ConflictError && error.code === "REQUEST_ID_CONFLICT";
    const existing =
      isTaken && cipher.enabled && (await findSame(transport, cipher, draft, signal));
    if (existing) return existing;
    throw error;
  }
}

async function findSame(
  transport: Transport,
  cipher: Cipher,
  draft: Draft,
  signal: AbortSignal | undefined,
): Promise<WireRequest | undefined> {
  try {
    const existing = await fetchRequest(transport, draft.id, signal);
    const payload = await openPayload(existing, cipher);
    return isSameRequest(draft, existing, payload) ? existing : undefined;
  } catch (error) {
    // Somebody else's request, or one we cannot read: a conflict in either case.
    if (error instanceof NotFoundError || error instanceof DecryptionError) return undefined;
    throw error;
  }
}

function queryOf(filters: Omit<ListRequestsOptions, "signal">): string {
  const { includePayload, runId, ...plain } = filters;
  const query = new URLSearchParams();
  const all = { ...plain, run_id: runId, include: includePayload ? "payload" : undefined };
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined) query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
