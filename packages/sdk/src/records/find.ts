import { invalidResponse } from "../core.js";
import type { ClientParts } from "../late.js";
import type { CallOptions } from "../requests/options.js";
import { requireKey } from "./key.js";
import { fetchPage, openValue } from "./wire.js";

/** Finds the record of a key, where there is one. */
export async function findRecord<Value>(
  parts: ClientParts,
  key: string,
  { signal }: CallOptions,
): Promise<Value | undefined> {
  const query = new URLSearchParams({ key: requireKey("key", key) });
  const { data } = await fetchPage(parts, query, signal);
  const [record] = data;
  if (record === undefined) return undefined;
  if (record.key !== key) throw invalidResponse("Expected the record asked for in the answer");
  return (await openValue(parts, record)) as Value;
}
