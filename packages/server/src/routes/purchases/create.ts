import { isEnvelope } from "@holdpoint/protocol";
import {
  createPurchaseSchema,
  purchaseDetailsSchema,
  purchaseSchema,
} from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import { operation } from "../../http/operation.js";
import { createPurchase } from "../../pipeline/spend/create.js";
import { toWirePurchase } from "./wire.js";

/** Details that are not encrypted have their own shape. */
const body = createPurchaseSchema.superRefine(({ details, encrypted }, context) => {
  if (details === undefined || encrypted === true || isEnvelope(details)) return;
  const { error } = purchaseDetailsSchema.safeParse(details);
  for (const issue of error?.issues ?? []) {
    const path = ["details", ...issue.path];
    context.issues.push({ ...issue, path, input: details } as z.core.$ZodRawIssue);
  }
});

export const createPurchaseOperation = operation({
  id: "createPurchase",
  tag: "Spend",
  method: "post",
  path: "/v1/purchases",
  audience: { agent: "requests:write" },
  summary: "Ask to spend money",
  description:
    "Judges a purchase by the kill switches, policies and budgets that bind the agent, and reserves its money. `auto_approved`: pay, then confirm. `pending`: a person decides; wait with `GET /v1/purchases/{id}?wait_ms=`. `rejected`: nothing is reserved; `policy_check` says why, rule by rule. A purchase is a request: it waits in the same inbox under the same id. The client makes the id, so sending the same body again is safe: it answers 200 with the purchase as it stands.",
  body,
  example: {
    id: "req_01h455vb4pex5vsknk084sn02q",
    amount: { amount_minor: 1250, currency: "EUR" },
    category: "software",
    merchant_name: "Example Hosting",
    details: { description: "One month of the small plan" },
  },
  idempotent: true,
  responses: {
    201: { description: "The new purchase.", schema: purchaseSchema },
    200: { description: "Made before, by the same call.", schema: purchaseSchema },
  },
  async handle({ context, caller, body: input }) {
    const { purchase, isNew } = await createPurchase(context, caller, input);
    return { status: isNew ? 201 : 200, body: toWirePurchase(purchase, context.publicUrl()) };
  },
});
