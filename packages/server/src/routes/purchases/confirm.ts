import { confirmPurchaseSchema, purchaseSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { confirmPurchase } from "../../pipeline/spend/confirm.js";
import { purchasePath } from "./path.js";
import { toWirePurchase } from "./wire.js";

export const confirmPurchaseOperation = operation({
  id: "confirmPurchase",
  tag: "Spend",
  method: "post",
  path: "/v1/purchases/{id}/confirm",
  audience: { agent: "requests:write" },
  summary: "Say whether a purchase was paid",
  description:
    "`success: true` spends what is held, `actual_amount` of it where less was paid; the rest is available again. `success: false` gives all of it back, and its grant is void. Sent again with the same body it answers the same; another body is refused. A payment that is confirmed after its hold has expired is put on record all the same, marked `late`. Works while spending is stopped.",
  params: purchasePath,
  body: confirmPurchaseSchema,
  example: {
    success: true,
    actual_amount: { amount_minor: 1199, currency: "EUR" },
    external_id: "ch_8841",
  },
  idempotent: true,
  responses: { 200: { description: "The purchase as it now stands.", schema: purchaseSchema } },
  async handle({ context, caller, params, body }) {
    const purchase = await confirmPurchase(context, caller, params.id, body);
    return { status: 200, body: toWirePurchase(purchase, context.publicUrl()) };
  },
});
