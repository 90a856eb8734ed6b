import type { WireState } from "@holdpoint/protocol";
import { invalidInput, invalidResponse, isId, isJsonObject } from "../core.js";
import type { ClientParts } from "../late.js";

/** @throws {ValidationError} `VALIDATION_FAILED`, before anything is sent. */
export function requireStateId(id: unknown): string {
  if (isId("state", id)) return id;
  throw invalidInput("id", "a state id (sta_ and 26 characters), as park() returns it");
}

/** @throws {NotFoundError} `STATE_NOT_FOUND`: none of this agent. */
export async function fetchState(
  { transport }: ClientParts,
  id: string,
  signal: AbortSignal | undefined,
): Promise<WireState> {
  return parseState(await transport.call({ method: "GET", path: `/v1/states/${id}`, signal }), id);
}

/** @throws {InvalidResponseError} `RESPONSE_INVALID`. */
export function parseState(body: unknown, id: string): WireState {
  const isState =
    isJsonObject(body) &&
    body.id === id &&
    isOptional(body.upload_url, "string") &&
    isOptional(body.download_url, "string") &&
    isOptional(body.deleted_at, "string") &&
    isOptional(body.size_bytes, "number");
  if (isState) return body as unknown as WireState;
  throw invalidResponse("Expected the state asked for in the answer");
}

function isOptional(value: unknown, type: string): boolean {
  return value === undefined || typeof value === type;
}

/**
 * Where encrypted bytes go or come from.
 *
 * @throws {InvalidResponseError} `RESPONSE_INVALID`: no such URL, or one in clear although the
 *   control plane is reached over TLS.
 */
export function requireStorageUrl({ options }: ClientParts, text: string | undefined): string {
  const protocol = text !== undefined && URL.canParse(text) ? new URL(text).protocol : undefined;
  const isSafe = protocol === "https:" || (protocol === "http:" && /^http:/.test(options.baseUrl));
  if (text !== undefined && isSafe) return text;
  throw invalidResponse("Expected an https URL for the state in the answer");
}
