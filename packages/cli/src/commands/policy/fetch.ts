import type { WireList } from "@holdpoint/protocol";
import type { WirePolicy } from "@holdpoint/protocol/policy";
import type { OperatorClient } from "../../api/client.js";

/** Revisions of the policy, the one in force first. */
export async function fetchPolicies(
  client: OperatorClient,
  limit: number,
): Promise<WireList<WirePolicy>> {
  const { listSchema, policySchema } = await import("@holdpoint/protocol/schemas");
  return client.call<WireList<WirePolicy>>(
    { path: "/v1/policies", query: { limit: String(limit) } },
    listSchema(policySchema),
  );
}
