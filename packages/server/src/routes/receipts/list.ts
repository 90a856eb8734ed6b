import { LIMITS, type WireLoggedReceipt } from "@holdpoint/protocol";
import { listReceiptsSchema, listSchema, loggedReceiptSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";

export const listReceiptsOperation = operation({
  id: "listReceipts",
  tag: "Receipts",
  method: "get",
  path: "/v1/receipts",
  audience: { operator: "member" },
  summary: "Export receipts",
  description:
    "The project's receipts in the order of the log, oldest first. Send `next_cursor` as `after_index` for the next page; it is `null` at the end.",
  query: listReceiptsSchema,
  responses: {
    200: { description: "A page of receipts.", schema: listSchema(loggedReceiptSchema) },
  },
  async handle({ context, caller, query }) {
    const { after_index: after = -1, limit = LIMITS.receiptPageSize } = query;
    await context.sequencer.flush();
    // One more than asked for tells whether there is a next page.
    const found = await context.store.receipts.listAfter(caller.projectId, after, limit + 1);
    const data: WireLoggedReceipt[] = found
      .slice(0, limit)
      .map(({ id, jws, logIndex }) => ({ id, jws, index: logIndex }));
    const next = found.length > limit ? String(data.at(-1)?.index) : null;
    return { status: 200, body: { data, next_cursor: next } };
  },
});
