import { createLeaseSchema, issuedLeaseSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { issueLease } from "../../pipeline/identity/issue-lease.js";
import { toWireIssuedLease } from "./wire.js";

export const createLeaseOperation = operation({
  id: "createLease",
  tag: "Gate",
  method: "post",
  path: "/v1/leases",
  audience: { agent: "credential" },
  provesKey: true,
  summary: "Get a lease",
  description:
    "A short right to call, bound to the key of the proof in `DPoP` (RFC 9449, without `ath`). Send it as `Authorization: DPoP …` with a new proof for each call. With `session_id` the lease goes on with that session: its scopes and what is left of its budget stay as they are, and the key may be a new one. `token` is shown in this answer and never again.",
  body: createLeaseSchema,
  example: { scopes: ["gate"], max_calls: 100 },
  responses: { 201: { description: "The lease with its token.", schema: issuedLeaseSchema } },
  async handle({ context, caller, body, mint, provenKey }) {
    const { lease, token } = await issueLease(context, caller, body, provenKey, mint);
    return { status: 201, body: toWireIssuedLease(lease, token) };
  },
});
