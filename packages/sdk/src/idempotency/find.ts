import type { JsonValue } from "@holdpoint/protocol";
import { fetchRequest, NotFoundError } from "../core.js";
import type { ClientParts } from "../late.js";
import { deriveRequestIds } from "./derive.js";

/**
 * The id of the request that `subject` stands for. Where an older encryption key has made it
 * already, it keeps that id.
 */
export async function findRequestId(
  parts: ClientParts,
  subject: JsonValue,
  signal: AbortSignal | undefined,
): Promise<string> {
  const [newest, ...older] = await deriveRequestIds(parts, subject);
  for (const id of older) {
    if (await exists(parts, id, signal)) return id;
  }
  return newest;
}

async function exists(
  { transport }: ClientParts,
  id: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await fetchRequest(transport, id, signal);
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}
