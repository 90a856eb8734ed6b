import { escrowSchema, fulfilEscrowSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { fulfilEscrow } from "../../pipeline/spend/escrow/advance.js";
import { escrowPath } from "./path.js";
import { toWireEscrow } from "./wire.js";

export const fulfilEscrowOperation = operation({
  id: "fulfilEscrow",
  tag: "Escrows",
  method: "post",
  path: "/v1/escrows/{id}/fulfil",
  audience: { agent: "requests:write" },
  summary: "Say that the work is done",
  description:
    "The payee's step, with what came of the work. The payer then releases, or either asks for a person; past `release_by` a person is asked. The same step again answers the same.",
  params: escrowPath,
  body: fulfilEscrowSchema,
  responses: { 200: { description: "The escrow as it now stands.", schema: escrowSchema } },
  async handle({ context, caller, params, body }) {
    const escrow = await fulfilEscrow(context, caller, params.id, body);
    return { status: 200, body: toWireEscrow(escrow, context.publicUrl()) };
  },
});
