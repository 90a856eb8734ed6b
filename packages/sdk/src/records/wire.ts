import type { JsonValue, WireRecord } from "@holdpoint/protocol";
import { invalidResponse, isJsonObject } from "../core.js";
import type { ClientParts } from "../late.js";

export interface WirePage {
  readonly data: readonly WireRecord[];
  readonly nextCursor: string | null;
}

/** @throws {InvalidResponseError} `RESPONSE_INVALID`. */
export async function fetchPage(
  { transport }: ClientParts,
  query: URLSearchParams,
  signal: AbortSignal | undefined,
): Promise<WirePage> {
  const body = await transport.call({ method: "GET", path: `/v1/records?${query}`, signal });
  if (!isJsonObject(body) || !Array.isArray(body.data) || !body.data.every(isRecord)) {
    throw invalidResponse("Expected a list of records");
  }
  const { next_cursor: nextCursor } = body;
  if (nextCursor === null || typeof nextCursor === "string") return { data: body.data, nextCursor };
  throw invalidResponse("Expected a list with next_cursor");
}

/** @throws {DecryptionError} It does not open here. */
export function openValue(
  { cipher }: ClientParts,
  { key, value, encrypted }: WireRecord,
): Promise<JsonValue> {
  return cipher.open({ id: key, encrypted }, value, "record");
}

function isRecord(value: unknown): value is WireRecord {
  return (
    isJsonObject(value) &&
    typeof value.key === "string" &&
    value.value !== undefined &&
    typeof value.encrypted === "boolean" &&
    typeof value.updated_at === "string"
  );
}
