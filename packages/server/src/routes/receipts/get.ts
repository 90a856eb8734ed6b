import type { WireReceipt } from "@holdpoint/protocol";
import { idSchema, receiptSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";
import { operation } from "../../http/operation.js";
import { loadReceipt, proveInclusion } from "../../pipeline/receipt.js";

export const getReceiptOperation = operation({
  id: "getReceipt",
  tag: "Receipts",
  method: "get",
  path: "/v1/receipts/{id}",
  audience: { agent: "requests:read", operator: "member" },
  summary: "Read a receipt",
  description:
    "The signed receipt of one event, and the proof that it stands in the log. The answer is all that `holdpoint verify` needs beside the keys you trust.",
  params: z.object({ id: idSchema("receipt") }),
  responses: { 200: { description: "The receipt.", schema: receiptSchema } },
  async handle({ context, caller, params }) {
    const { id, jws, logIndex } = await loadReceipt(context, caller, params.id);
    const body: WireReceipt = {
      id,
      jws,
      ...(logIndex !== undefined && { log: await proveInclusion(context.store.log, logIndex) }),
    };
    return { status: 200, body };
  },
});
