import type { WireList } from "@holdpoint/protocol";
import type {
  WireSetSpendPolicy,
  WireSpendPolicy,
  WireSpendPolicyTrial,
  WireTrySpendPolicy,
} from "@holdpoint/protocol/spend";
import { queryOptions } from "@tanstack/react-query";
import { callServer, queryText } from "../server/call.js";

/** Whose policy: an agent's id, or the word `project`. */
export type PolicyHolder = string;

const keyOf = (projectId: string) => ["spend-policies", projectId] as const;

/** The policies in force. */
export function spendPoliciesQuery(projectId: string) {
  return queryOptions({
    queryKey: [...keyOf(projectId), "in-force"],
    queryFn: ({ signal }) =>
      callServer<WireList<WireSpendPolicy>>("/v1/spend-policies", { projectId, signal }),
  });
}

/** Every revision of one, newest first. */
export function spendPolicyHistoryQuery(projectId: string, holder: PolicyHolder) {
  return queryOptions({
    queryKey: [...keyOf(projectId), "history", holder],
    queryFn: ({ signal }) =>
      callServer<WireList<WireSpendPolicy>>(
        `/v1/spend-policies${queryText({ of: holder, history: "true" })}`,
        { projectId, signal },
      ),
  });
}

export function setSpendPolicy(
  projectId: string,
  body: WireSetSpendPolicy,
): Promise<WireSpendPolicy> {
  return callServer("/v1/spend-policies", { method: "POST", projectId, body });
}

/** Judges the purchases of the last days by a policy that is not armed. Changes nothing. */
export function trySpendPolicy(
  projectId: string,
  body: WireTrySpendPolicy,
): Promise<WireSpendPolicyTrial> {
  return callServer("/v1/spend-policies/try", { method: "POST", projectId, body });
}

/** `agent_id` where the holder is an agent; nothing for the project. */
export function holderBody(holder: PolicyHolder): { readonly agent_id?: string } {
  return holder === "project" ? {} : { agent_id: holder };
}
