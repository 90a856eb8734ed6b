import { invalidInput } from "../core.js";
import type { ClientParts } from "../late.js";
import { requireKey } from "./key.js";
import type { DeleteRecordsOptions } from "./options.js";

/** Deletes one record, or all with a prefix. */
export async function deleteRecords(
  { transport }: ClientParts,
  { key, prefix, signal }: DeleteRecordsOptions,
): Promise<void> {
  if ((key === undefined) === (prefix === undefined)) {
    throw invalidInput("key", "either a key or a prefix");
  }
  const query = new URLSearchParams(
    key === undefined ? { prefix: requireKey("prefix", prefix) } : { key: requireKey("key", key) },
  );
  const path = `/v1/records?${query}`;
  await transport.call({ method: "DELETE", path, isEmpty: true, signal });
}
