import { LIMITS, type WireRecord } from "@holdpoint/protocol";
import { listRecordsSchema, listSchema, recordSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import { operation } from "../../http/operation.js";
import type { Page } from "../../store/store.js";
import type { RecordOwner, RecordStore, StoredRecord } from "../../store/verbs/records.js";
import { wireTime } from "../time.js";

export const listRecordsOperation = operation({
  id: "listRecords",
  tag: "Records",
  method: "get",
  path: "/v1/records",
  audience: { agent: "requests:read" },
  summary: "List records, or find one",
  description:
    "The agent's own, in the order of their keys' bytes. `before` and `after` are exclusive; all filters must hold. With `key`, that record or none. A page ends early once its values pass about 1 MiB.",
  query: listRecordsSchema,
  responses: { 200: { description: "A page of records.", schema: listSchema(recordSchema) } },
  async handle({ context, caller, query }) {
    const owner = { projectId: caller.projectId, agentId: caller.agent.id };
    const page = await findPage(context.store.records, owner, query);
    return { status: 200, body: { data: page.items.map(toWire), next_cursor: page.nextCursor } };
  },
});

async function findPage(
  records: RecordStore,
  owner: RecordOwner,
  { key, prefix, before, after, order, limit, cursor }: z.output<typeof listRecordsSchema>,
): Promise<Page<StoredRecord>> {
  if (key !== undefined) {
    const record = await records.find(owner, key);
    return { items: record ? [record] : [], nextCursor: null };
  }
  return records.list(owner, {
    ...(prefix !== undefined && { prefix }),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    order: order ?? "ascending",
    limit: limit ?? LIMITS.pageSize,
    maxBytes: LIMITS.recordPageBytes,
    ...(cursor !== undefined && { cursor }),
  });
}

function toWire({ key, value, encrypted, updatedAt }: StoredRecord): WireRecord {
  return { key, value, encrypted, updated_at: wireTime(updatedAt) };
}
