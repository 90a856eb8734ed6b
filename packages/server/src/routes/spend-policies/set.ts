import { setSpendPolicySchema, storedSpendPolicySchema } from "@holdpoint/protocol/schemas";
import type { SpendPolicy } from "@holdpoint/protocol/spend";
import { operatorActor } from "../../domain/actor.js";
import { operation } from "../../http/operation.js";
import { assertUsablePolicy } from "../../pipeline/limits/policy.js";
import { loadTarget } from "../../pipeline/limits/target.js";
import { toWireSpendPolicy } from "./wire.js";

export const setSpendPolicyOperation = operation({
  id: "setSpendPolicy",
  tag: "Spend",
  method: "post",
  path: "/v1/spend-policies",
  audience: { operator: "admin" },
  summary: "Set a spend policy",
  description:
    "The next revision of an agent's policy, or of the project's; it binds from the next purchase on. `policy: null` takes it away: then every purchase goes to a person. The answer tells what the policy means, and what may not be meant.",
  body: setSpendPolicySchema,
  example: {
    policy: {
      currency: "EUR",
      timezone: "Europe/Vienna",
      daily_limit: "500.00",
      auto_approve: { enabled: true, max_amount: "50.00" },
      approval_threshold: { amount: "300.00", role: "finance", quorum: 2 },
    },
  },
  idempotent: true,
  responses: { 201: { description: "The new revision.", schema: storedSpendPolicySchema } },
  async handle({ context, caller, body, mint }) {
    const policy = body.policy as SpendPolicy | null;
    if (policy !== null) assertUsablePolicy(policy);
    const target = await loadTarget(context, caller, body.agent_id);
    const revision = await context.store.spendPolicies.set({
      ...target,
      id: mint.id("spp"),
      policy,
      createdAt: mint.now,
      createdBy: operatorActor(caller.operator),
    });
    return { status: 201, body: toWireSpendPolicy(revision) };
  },
});
