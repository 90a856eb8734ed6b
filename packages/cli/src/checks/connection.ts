import type { WireIdentity } from "@holdpoint/protocol";
import type { Connection } from "../api/connection.js";
import { printableLine } from "../output/text.js";
import { type Check, failed, passed, skipped } from "./check.js";

const TIMEOUT_MS = 5_000;
/** The Date header counts whole seconds; past this, signed and expiring things begin to suffer. */
const TOLERATED_SKEW_MS = 5_000;

/** Asks the control plane how it is, and compares its clock with ours. */
export async function checkServer(url: string): Promise<readonly Check[]> {
  let response: Response;
  const askedAtMs = Date.now();
  try {
    response = await fetch(`${url}/readyz`, {
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    return [
      failed(
        "Control plane",
        `nothing answers at ${url}`,
        "holdpoint dev   (or set HOLDPOINT_URL)",
      ),
      skipped("Clock", "needs the control plane"),
    ];
  }
  await response.body?.cancel();
  const server = response.ok
    ? passed("Control plane", `${url} is ready`)
    : failed(
        "Control plane",
        `${url} answered HTTP ${response.status}`,
        "check HOLDPOINT_URL, and the control plane's log",
      );
  return [server, checkClock(response.headers.get("date"), askedAtMs, Date.now())];
}

/** The server's clock lies between our sending and our receiving, give or take the tolerance. */
export function checkClock(date: string | null, askedAtMs: number, answeredAtMs: number): Check {
  const serverMs = Date.parse(date ?? "");
  if (Number.isNaN(serverMs)) return skipped("Clock", "the answer carries no date");
  const skewMs = Math.max(askedAtMs - 1_000 - serverMs, serverMs - answeredAtMs, 0);
  const seconds = Math.round(skewMs / 1_000);
  return skewMs <= TOLERATED_SKEW_MS
    ? passed("Clock", "agrees with the control plane")
    : failed("Clock", `${seconds} s away from the control plane's`, "turn on time synchronisation");
}

/** Asks the control plane whom it takes each credential for. */
export async function checkCredentials(
  { url, apiKey, operatorToken }: Connection,
  reachable: boolean,
): Promise<readonly Check[]> {
  const credentials = [
    ["API key", apiKey, "holdpoint keys create --agent <name>, then set HOLDPOINT_API_KEY"],
    ["Operator token", operatorToken, "set HOLDPOINT_OPERATOR_TOKEN to one that is in force"],
  ] as const;
  return Promise.all(
    credentials.map(([name, secret, next]) => {
      if (secret === undefined) return skipped(name, "none set");
      if (!reachable) return skipped(name, "needs the control plane");
      return checkCredential(name, url, secret, next);
    }),
  );
}

async function checkCredential(
  name: string,
  url: string,
  secret: string,
  next: string,
): Promise<Check> {
  try {
    const response = await fetch(`${url}/v1/me`, {
      headers: { authorization: `Bearer ${secret}` },
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) return failed(name, `refused (HTTP ${response.status})`, next);
    return passed(name, describeIdentity((await response.json()) as WireIdentity));
  } catch {
    return failed(name, "no answer that is understood", "check HOLDPOINT_URL");
  }
}

function describeIdentity(identity: WireIdentity): string {
  if (identity.type === "agent") {
    const { agent, project, scopes } = identity;
    return `agent ${printableLine(agent.name)} in ${printableLine(project.name)}: ${scopes.join(", ")}`;
  }
  const places = identity.projects.map(
    ({ name, roles }) => `${roles.join(", ")} in ${printableLine(name)}`,
  );
  return `${printableLine(identity.operator.email)}: ${places.join("; ")}`;
}
