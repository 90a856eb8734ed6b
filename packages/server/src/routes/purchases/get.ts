import { getRequestSchema, purchaseSchema } from "@holdpoint/protocol/schemas";
import type { Purchase } from "../../domain/spend/purchase.js";
import { operation } from "../../http/operation.js";
import { loadPurchase } from "../../pipeline/spend/load.js";
import { PurchaseWait } from "../../pipeline/spend/wait.js";
import { heldAnswer } from "../held.js";
import { purchasePath } from "./path.js";
import { toWirePurchase } from "./wire.js";

const audience = { agent: "requests:read", operator: "member" } as const;

export const getPurchaseOperation = operation({
  id: "getPurchase",
  tag: "Spend",
  method: "get",
  path: "/v1/purchases/{id}",
  audience,
  summary: "Read a purchase, or wait for its decision",
  description:
    "With `wait_ms` the answer is held until the purchase is no longer `pending` or the time has passed, whichever is first. Ask again to go on waiting.",
  params: purchasePath,
  query: getRequestSchema,
  responses: { 200: { description: "The purchase as it stands.", schema: purchaseSchema } },
  async handle({ context, caller, params, query, http }) {
    const { wait_ms: waitMs = 0 } = query;
    const toBody = (one: Purchase) => toWirePurchase(one, context.publicUrl());
    if (waitMs === 0) {
      return { status: 200, body: toBody(await loadPurchase(context, caller, params.id)) };
    }
    const epoch = context.credentialEpoch.value;
    const wait = new PurchaseWait(context, caller, params.id, waitMs);
    const purchase = await wait.begin();
    if (purchase === undefined) {
      return heldAnswer({ context, audience, http, epoch, wait, toBody });
    }
    return { status: 200, body: toBody(purchase) };
  },
});
