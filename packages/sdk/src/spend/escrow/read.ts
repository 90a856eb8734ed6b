import { invalidInput, isId } from "../../core.js";
import type { ClientParts } from "../../late.js";
import { parsePage } from "../page.js";
import type { Escrow } from "./escrow.js";
import type { EscrowPage, ListEscrowsOptions } from "./options.js";
import { openEscrowAnswer } from "./view.js";

export async function fetchEscrow(
  parts: ClientParts,
  id: string,
  signal: AbortSignal | undefined,
): Promise<Escrow> {
  const path = `/v1/escrows/${requireEscrowId(id)}`;
  const body = await parts.transport.call({ method: "GET", path, signal });
  return openEscrowAnswer(parts, body, { id, signal });
}

/** One page, newest first, each verified. */
export async function listEscrows(
  parts: ClientParts,
  { rootEscrowId, limit, cursor, signal }: ListEscrowsOptions = {},
): Promise<EscrowPage> {
  const query = new URLSearchParams();
  if (rootEscrowId !== undefined) query.set("root_escrow_id", requireEscrowId(rootEscrowId));
  if (limit !== undefined) query.set("limit", String(limit));
  if (cursor !== undefined) query.set("cursor", cursor);
  const path = `/v1/escrows${query.size === 0 ? "" : `?${query}`}`;
  const page = parsePage(await parts.transport.call({ method: "GET", path, signal }));
  const opened = page.data.map((item) => openEscrowAnswer(parts, item, { signal }));
  return { data: await Promise.all(opened), nextCursor: page.nextCursor };
}

/** @throws {ValidationError} `VALIDATION_FAILED`, before anything is sent. */
export function requireEscrowId(id: unknown): string {
  if (isId("escrow", id)) return id;
  throw invalidInput("id", "an escrow's id (esc_ and 26 characters)");
}
