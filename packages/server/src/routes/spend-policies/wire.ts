import {
  summarizeSpendPolicy,
  validateSpendPolicy,
  type WireSpendPolicy,
} from "@holdpoint/protocol/spend";
import type { SpendPolicyRevision } from "../../store/verbs/spend-limits.js";
import { wireTime } from "../time.js";

/** A revision as it travels, with what it means. */
export function toWireSpendPolicy(revision: SpendPolicyRevision): WireSpendPolicy {
  const { agent, policy } = revision;
  return {
    id: revision.id,
    scope: agent === undefined ? "project" : "agent",
    ...(agent !== undefined && { agent }),
    revision: revision.revision,
    policy,
    summary: policy === null ? [] : summarizeSpendPolicy(policy),
    warnings: policy === null ? [] : validateSpendPolicy(policy).warnings,
    created_at: wireTime(revision.createdAt),
    created_by: revision.createdBy,
  };
}
