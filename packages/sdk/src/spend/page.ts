import { invalidResponse, isJsonObject } from "../core.js";

/** A page of a list, its items not yet read. */
export interface Page {
  readonly data: readonly unknown[];
  readonly nextCursor: string | null;
}

/** @throws {InvalidResponseError} `RESPONSE_INVALID`. */
export function parsePage(body: unknown): Page {
  if (!isJsonObject(body) || !Array.isArray(body.data)) throw invalidResponse("Expected a list");
  const { data, next_cursor: nextCursor } = body;
  if (nextCursor === null || typeof nextCursor === "string") return { data, nextCursor };
  throw invalidResponse("Expected a list with next_cursor");
}
