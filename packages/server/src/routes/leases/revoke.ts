import { idSchema, leaseSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";
import { operation } from "../../http/operation.js";
import { revokeLease } from "../../pipeline/identity/revoke-lease.js";
import { toWireLease } from "./wire.js";

export const revokeLeaseOperation = operation({
  id: "revokeLease",
  tag: "Gate",
  method: "post",
  path: "/v1/leases/{id}/revoke",
  audience: { operator: "member" },
  summary: "Revoke a lease",
  description:
    "Takes effect at once. Revoking twice is the same as once. The credential that got it can get another: revoke that too to keep the agent out.",
  params: z.object({ id: idSchema("lease") }),
  responses: { 200: { description: "The revoked lease.", schema: leaseSchema } },
  async handle({ context, caller, params, mint }) {
    const standing = await revokeLease(context, caller, params.id, mint);
    return { status: 200, body: toWireLease(standing, mint.now) };
  },
});
