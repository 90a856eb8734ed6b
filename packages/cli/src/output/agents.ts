import type { WireAgent } from "@holdpoint/protocol";
import type { WireAgentDetails, WireAgentIdentity } from "@holdpoint/protocol/gate";
import type { Colours } from "../terminal.js";
import { columns } from "./columns.js";
import { describeActor, section } from "./request.js";
import { describeMoney } from "./spend.js";
import { indent, printableLine } from "./text.js";
import { exactTime, relativeTime } from "./time.js";

/** The rows of `agents ls`. */
export function listAgents(
  agents: readonly WireAgent[],
  identities: readonly WireAgentIdentity[],
  nowMs: number,
  { dim }: Colours,
): string {
  const head = ["ID", "AGENT", "OWN KEYS", "MADE"].map(dim);
  const rows = agents.map(({ id, name, created_at }) => [
    id,
    printableLine(name, 40),
    String(identities.filter((one) => one.agent.id === id && !one.revoked_at).length),
    relativeTime(created_at, nowMs),
  ]);
  return columns([head, ...rows]);
}

/** What one agent may do, what it has done today, and by which keys. */
export function describeAgent(agent: WireAgentDetails, nowMs: number, colours: Colours): string {
  const { id, name, created_at, identities } = agent;
  return [
    `${colours.bold(printableLine(name))}\n${colours.dim(id)}, made ${exactTime(created_at, nowMs)}`,
    indent(columns(limitRows(agent, colours))),
    section(
      "Own keys",
      identities.length > 0
        ? listIdentities(identities, nowMs, colours)
        : `none. Enrol one: holdpoint agents enrol ${printableLine(name, 40)}`,
      colours,
    ),
  ].join("\n\n");
}

function limitRows({ limits, used }: WireAgentDetails, { dim }: Colours): readonly string[][] {
  const { scopes, max_calls_per_day: maxCalls, max_cost_per_day: maxCost } = limits;
  const cost = used.cost === undefined ? "nothing" : describeMoney(used.cost);
  const may =
    scopes === undefined ? "all that its credential may" : printableLine(scopes.join(" "));
  return [
    [dim("may"), may],
    [dim("calls today"), `${used.calls} of ${maxCalls ?? "any number"}`],
    [
      dim("cost today"),
      `${cost} of ${maxCost === undefined ? "any amount" : describeMoney(maxCost)}`,
    ],
  ];
}

function listIdentities(
  identities: readonly WireAgentIdentity[],
  nowMs: number,
  { dim, green }: Colours,
): string {
  const head = ["ID", "STATE", "LAST USED", "SCOPES", "ENROLLED BY"].map(dim);
  const rows = identities.map((identity) => [
    identity.id,
    identity.revoked_at
      ? dim(`revoked ${relativeTime(identity.revoked_at, nowMs)}`)
      : green("active"),
    identity.last_used_at ? relativeTime(identity.last_used_at, nowMs) : "never",
    printableLine(identity.scopes.join(" "), 60),
    describeActor(identity.enrolled_by),
  ]);
  return columns([head, ...rows]);
}
