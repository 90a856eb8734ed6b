import type { WireAuthority } from "@holdpoint/protocol/gate";
import type { Connection } from "../api/connection.js";
import { describeAuthority } from "../output/leases.js";
import { type Check, failed, passed, skipped } from "./check.js";

const TIMEOUT_MS = 5_000;
const NAME = "Authority";

/** Whether agents may have anything run, or somebody has frozen it all. */
export async function checkAuthority(
  { url, operatorToken }: Connection,
  reachable: boolean,
): Promise<Check> {
  if (operatorToken === undefined) return skipped(NAME, "needs an operator token");
  if (!reachable) return skipped(NAME, "needs the control plane");
  try {
    const response = await fetch(`${url}/v1/authority`, {
      headers: { authorization: `Bearer ${operatorToken}` },
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) return skipped(NAME, `not to be seen (HTTP ${response.status})`);
    const { authoritySchema } = await import("@holdpoint/protocol/schemas");
    const authority = authoritySchema.parse(await response.json()) as WireAuthority;
    const found = describeAuthority(authority, Date.now());
    return authority.frozen ? failed(NAME, found, "holdpoint thaw") : passed(NAME, found);
  } catch {
    return failed(NAME, "no answer that is understood", "check HOLDPOINT_URL");
  }
}
