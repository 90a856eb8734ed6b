import type { ActionRun, Verification } from "../../domain/gate/run.js";
import type { CallRules } from "../egress/call.js";
import type { ProviderResult } from "../providers/provider.js";
import { readBack } from "./read-back.js";
import { fitsResultSchema } from "./result.js";

/**
 * Looks whether an action that has succeeded has had its effect, as its manifest says. What keeps it
 * from looking is a failed verification: the action itself has succeeded all the same.
 */
export async function verify(
  run: ActionRun,
  result: ProviderResult,
  rules: CallRules,
): Promise<Verification> {
  const { verification, result: schema } = run.action.manifest;
  switch (verification.type) {
    case "none":
      return { status: "unverifiable", detail: verification.reason };
    case "status":
      return verifyStatus(verification.statuses, result.status);
    case "result":
      return fitsResultSchema(result.output, schema);
    case "read_back":
      return readBack(verification, run, result.output, rules);
  }
}

function verifyStatus(expected: readonly number[], status: number | undefined): Verification {
  if (status !== undefined && expected.includes(status)) return { status: "verified" };
  const got = status === undefined ? "no status" : `HTTP status ${status}`;
  return { status: "failed", detail: `Expected HTTP status ${expected.join(" or ")}, got ${got}.` };
}
