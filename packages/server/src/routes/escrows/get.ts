import { escrowSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { loadEscrow } from "../../pipeline/spend/escrow/load.js";
import { escrowPath } from "./path.js";
import { toWireEscrow } from "./wire.js";

export const getEscrowOperation = operation({
  id: "getEscrow",
  tag: "Escrows",
  method: "get",
  path: "/v1/escrows/{id}",
  audience: { agent: "requests:read", operator: "member" },
  summary: "Read an escrow",
  description:
    "An agent sees those it pays and those it is paid by. `envelope` is what to keep as evidence: `holdpoint verify` checks it offline.",
  params: escrowPath,
  responses: { 200: { description: "The escrow as it stands.", schema: escrowSchema } },
  async handle({ context, caller, params }) {
    const escrow = await loadEscrow(context, caller, params.id);
    return { status: 200, body: toWireEscrow(escrow, context.publicUrl()) };
  },
});
