import type { ActionManifest } from "@holdpoint/protocol/gate";
import { error, type Finding, warning } from "./finding.js";

/** Whether what is to be looked at can be there. */
export function checkVerification(manifest: ActionManifest): readonly Finding[] {
  const { verification, provider, result, risk } = manifest;
  switch (verification.type) {
    case "none":
      if (risk !== "high" && risk !== "critical") return [];
      return [
        warning("/verification", `Risk ${risk} is run, and nobody sees whether it had its effect.`),
      ];
    case "status":
      return provider.type === "mcp"
        ? [error("/verification", "Expected result or read_back: a tool answers without a status.")]
        : checkStatuses(verification.statuses);
    case "result":
      if (result !== undefined) return [];
      return [error("/result", "Expected a schema: the verification holds the output against it.")];
    case "read_back":
      return manifest.egress === "none"
        ? [error("/verification", "Expected status or result where egress is none.")]
        : [];
  }
}

function checkStatuses(statuses: readonly number[]): readonly Finding[] {
  return statuses.flatMap((status, index) => {
    if (status >= 200 && status < 400) return [];
    const message = `Expected a status from 200 to 399: a call that ends with ${status} is no success.`;
    return [warning(`/verification/statuses/${index}`, message)];
  });
}
