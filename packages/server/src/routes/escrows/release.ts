import { escrowSchema, releaseEscrowSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { releaseEscrow } from "../../pipeline/spend/escrow/advance.js";
import { escrowPath } from "./path.js";
import { toWireEscrow } from "./wire.js";

export const releaseEscrowOperation = operation({
  id: "releaseEscrow",
  tag: "Escrows",
  method: "post",
  path: "/v1/escrows/{id}/release",
  audience: { agent: "requests:write" },
  summary: "Hand the money over",
  description:
    "The payer's step. The money is the payee's at once, where a budget binds it. The same step again answers the same.",
  params: escrowPath,
  body: releaseEscrowSchema,
  responses: { 200: { description: "The escrow as it now stands.", schema: escrowSchema } },
  async handle({ context, caller, params, body }) {
    const escrow = await releaseEscrow(context, caller, params.id, body);
    return { status: 200, body: toWireEscrow(escrow, context.publicUrl()) };
  },
});
