import { disputeEscrowSchema, escrowSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { disputeEscrow } from "../../pipeline/spend/escrow/advance.js";
import { escrowPath } from "./path.js";
import { toWireEscrow } from "./wire.js";

export const disputeEscrowOperation = operation({
  id: "disputeEscrow",
  tag: "Escrows",
  method: "post",
  path: "/v1/escrows/{id}/dispute",
  audience: { agent: "requests:write" },
  summary: "Ask for a person",
  description:
    "The step of either side, while the escrow is `OPEN` or `FULFILLED`. `dispute.request_id` names the request by which a person decides: approved it releases, rejected it returns the money. The same step again answers the same.",
  params: escrowPath,
  body: disputeEscrowSchema,
  responses: { 200: { description: "The escrow as it now stands.", schema: escrowSchema } },
  async handle({ context, caller, params, body }) {
    const escrow = await disputeEscrow(context, caller, params.id, body);
    return { status: 200, body: toWireEscrow(escrow, context.publicUrl()) };
  },
});
