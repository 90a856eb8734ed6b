import { type SpendPolicy, validateSpendPolicy } from "@holdpoint/protocol/spend";
import { ProblemError } from "../../domain/problem.js";

/** @throws {ProblemError} `SPEND_POLICY_INVALID`, with each fault, for a policy that cannot be followed. */
export function assertUsablePolicy(policy: SpendPolicy): void {
  const issues = validateSpendPolicy(policy).issues.map(({ path, message }) => ({
    path: `/policy${path}`,
    message,
  }));
  const [first] = issues;
  if (first === undefined) return;
  const rest = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  throw new ProblemError({
    code: "SPEND_POLICY_INVALID",
    detail: `${first.path}: ${first.message}${rest}`,
    issues,
  });
}
