import { purchaseSchema, refundPurchaseSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { refundPurchase } from "../../pipeline/spend/refund.js";
import { purchasePath } from "./path.js";
import { toWirePurchase } from "./wire.js";

export const refundPurchaseOperation = operation({
  id: "refundPurchase",
  tag: "Spend",
  method: "post",
  path: "/v1/purchases/{id}/refund",
  audience: { operator: "member" },
  summary: "Record that money came back",
  description:
    "Approvers and admins only. The amount is available again, and counts no more in the day, week and month in which it was reserved. The client makes the id of the refund, so sending it again refunds once.",
  params: purchasePath,
  body: refundPurchaseSchema,
  example: {
    id: "rfd_01h455vb4pex5vsknk084sn02q",
    amount: { amount_minor: 500, currency: "EUR" },
    reason: "One of two seats was cancelled.",
  },
  idempotent: true,
  responses: { 200: { description: "The purchase as it now stands.", schema: purchaseSchema } },
  async handle({ context, caller, params, body }) {
    const purchase = await refundPurchase(context, caller, params.id, body);
    return { status: 200, body: toWirePurchase(purchase, context.publicUrl()) };
  },
});
