import type { JsonValue, WireRecord } from "@holdpoint/protocol";
import { invalidResponse, LIMITS, requireInteger } from "../core.js";
import type { ClientParts } from "../late.js";
import { requireKey, requirePrefix } from "./key.js";
import type { ListedRecord, ListRecordsOptions, RecordPage } from "./options.js";
import { fetchPage, openValue } from "./wire.js";

/** Reads one page, every value opened. */
export async function listRecords<Value = JsonValue>(
  parts: ClientParts,
  options: ListRecordsOptions,
): Promise<RecordPage<Value>> {
  const { data, nextCursor } = await fetchPage(parts, queryOf(options), options.signal);
  const prefix = options.prefix ?? "";
  if (!data.every(({ key }) => key.startsWith(prefix))) {
    throw invalidResponse("Expected records with the prefix asked for");
  }
  return { data: await Promise.all(data.map((record) => read<Value>(parts, record))), nextCursor };
}

function queryOf(options: ListRecordsOptions): URLSearchParams {
  const { prefix, order, before, after, limit, cursor } = options;
  const query = new URLSearchParams();
  if (prefix !== undefined) query.set("prefix", requirePrefix(prefix));
  if (before !== undefined) query.set("before", requireKey("before", before));
  if (after !== undefined) query.set("after", requireKey("after", after));
  if (limit !== undefined) {
    query.set("limit", String(requireInteger("limit", limit, 1, LIMITS.maxPageSize)));
  }
  if (order !== undefined) query.set("order", order);
  if (cursor !== undefined) query.set("cursor", cursor);
  return query;
}

async function read<Value>(parts: ClientParts, record: WireRecord): Promise<ListedRecord<Value>> {
  const { key, updated_at: updatedAt } = record;
  return { key, value: (await openValue(parts, record)) as Value, updatedAt };
}
