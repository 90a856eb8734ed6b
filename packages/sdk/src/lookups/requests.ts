import type { WireRequest } from "@holdpoint/protocol";
import {
  type Cipher,
  cancelRequest,
  diffPayload,
  fetchRequest,
  invalidResponse,
  isJsonObject,
  openPatch,
  openPayload,
  parseRequest,
} from "../core.js";
import type { ClientParts } from "../late.js";
import type { ListRequestsOptions, Requests } from "../requests/requests.js";
import type { Transport } from "../transport/transport.js";
import { type HoldpointRequest, viewRequest } from "../views/request.js";

/** The calls behind `hp.requests`. */
export function createRequests({ transport, cipher }: ClientParts): Requests {
  return {
    async get(id, { signal } = {}) {
      return openRequest(await fetchRequest(transport, id, signal), cipher);
    },
    async list(options = {}) {
      const { data, nextCursor } = await listRequests(transport, options);
      const views = data.map((request) => openRequest(request, cipher));
      return { data: await Promise.all(views), nextCursor };
    },
    async cancel(id, { signal } = {}) {
      return openRequest(await cancelRequest(transport, id, signal), cipher);
    },
  };
}

/** A request as callers see it, decrypted and compared. */
export async function openRequest(request: WireRequest, cipher: Cipher): Promise<HoldpointRequest> {
  const payload = request.payload === undefined ? undefined : await openPayload(request, cipher);
  const patchedPayload = await openPatch(request, cipher);
  const hasBoth = payload !== undefined && patchedPayload !== undefined;
  const diffSummary = hasBoth ? diffPayload(payload, patchedPayload) : undefined;
  const { witness_change: change } = request;
  const witnessChange =
    change === undefined ? undefined : await cipher.open(request, change, "witness");
  return viewRequest(request, { payload, patchedPayload, diffSummary, witnessChange });
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
