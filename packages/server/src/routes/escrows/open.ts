import { isEnvelope } from "@holdpoint/protocol";
import { escrowSchema, openEscrowSchema, purchaseDetailsSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import { operation } from "../../http/operation.js";
import { openEscrow } from "../../pipeline/spend/escrow/open.js";
import { toWireEscrow } from "./wire.js";

/** Terms that are not encrypted have the shape of a purchase's details. */
const body = openEscrowSchema.superRefine(({ details, encrypted }, context) => {
  if (details === undefined || encrypted === true || isEnvelope(details)) return;
  const { error } = purchaseDetailsSchema.safeParse(details);
  for (const issue of error?.issues ?? []) {
    const path = ["details", ...issue.path];
    context.issues.push({ ...issue, path, input: details } as z.core.$ZodRawIssue);
  }
});

export const openEscrowOperation = operation({
  id: "openEscrow",
  tag: "Escrows",
  method: "post",
  path: "/v1/escrows",
  audience: { agent: "requests:write" },
  summary: "Put money aside for another agent",
  description:
    "Takes the opening that the payer signed. It is judged as a purchase, by the same policies and budgets, and its money is held: `PENDING` until a person has approved that, `OPEN` for the payee to fulfil, `VOID` where it was refused. The ids are in the signed step, so sending the same body again is safe: it answers 200 with the escrow as it stands.",
  body,
  idempotent: true,
  responses: {
    201: { description: "The new escrow.", schema: escrowSchema },
    200: { description: "Opened before, by the same call.", schema: escrowSchema },
  },
  async handle({ context, caller, body: input }) {
    const { escrow, isNew } = await openEscrow(context, caller, input);
    return { status: isNew ? 201 : 200, body: toWireEscrow(escrow, context.publicUrl()) };
  },
});
