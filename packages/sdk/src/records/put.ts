import type { WirePutRecord, WirePutRecords } from "@holdpoint/protocol";
import { LIMITS, toJson } from "../core.js";
import type { ClientParts } from "../late.js";
import type { CallOptions } from "../requests/options.js";
import { requireKey } from "./key.js";
import type { RecordEntry } from "./options.js";

/** Checks and encrypts entries, and sends them together. */
export async function putRecords(
  parts: ClientParts,
  entries: readonly RecordEntry[],
  { signal }: CallOptions,
): Promise<void> {
  if (entries.length === 0) return;
  const records = await Promise.all(entries.map((entry) => toWire(parts, entry)));
  const body = JSON.stringify({ records } satisfies WirePutRecords);
  const call = { method: "POST", path: "/v1/records", isEmpty: true } as const;
  await parts.transport.call({ ...call, body, signal });
}

async function toWire({ cipher }: ClientParts, entry: RecordEntry): Promise<WirePutRecord> {
  const key = requireKey("key", entry.key);
  const value = toJson("value", entry.value, LIMITS.recordBytes);
  return {
    key,
    ...(cipher.enabled
      ? { value: await cipher.seal(value, key, "record"), encrypted: true }
      : { value }),
    ...(entry.ifAbsent !== undefined && { if_absent: entry.ifAbsent }),
  };
}
