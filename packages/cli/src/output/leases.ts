import type { WireAuthority, WireLease, WireLeaseBudget } from "@holdpoint/protocol/gate";
import type { Colours } from "../terminal.js";
import { columns } from "./columns.js";
import { describeActor } from "./request.js";
import { describeMoney } from "./spend.js";
import { printableLine } from "./text.js";
import { exactTime, relativeTime } from "./time.js";

/** The rows of `leases ls`. */
export function listLeases(leases: readonly WireLease[], nowMs: number, colours: Colours): string {
  const head = ["ID", "AGENT", "STATE", "CALLS", "COST", "SCOPES"].map(colours.dim);
  const rows = leases.map((lease) => [
    lease.id,
    printableLine(lease.agent.name, 40),
    stateOf(lease, nowMs, colours),
    callsOf(lease.budget),
    costOf(lease.budget),
    printableLine(lease.scopes.join(" "), 60),
  ]);
  return columns([head, ...rows]);
}

function stateOf(lease: WireLease, nowMs: number, { dim, green }: Colours): string {
  if (lease.status === "live") return green(`ends ${relativeTime(lease.expires_at, nowMs)}`);
  if (lease.status === "expired") return dim(`ended ${relativeTime(lease.expires_at, nowMs)}`);
  // A freeze revokes all leases at once, and writes no time on each.
  const when = lease.revoked_at === undefined ? "" : ` ${relativeTime(lease.revoked_at, nowMs)}`;
  return dim(`revoked${when}`);
}

/** `3 of 10`, for the session that the lease belongs to. */
function callsOf({ calls, max_calls }: WireLeaseBudget): string {
  return max_calls === undefined ? String(calls) : `${calls} of ${max_calls}`;
}

function costOf({ cost, max_cost }: WireLeaseBudget): string {
  const used = cost === undefined ? "" : describeMoney(cost);
  return max_cost === undefined ? used : `${used || "0"} of ${describeMoney(max_cost)}`;
}

/** Whether anything may run, since when, and who says so. */
export function describeAuthority(authority: WireAuthority, nowMs: number): string {
  const { frozen, epoch, changed_at, changed_by, reason } = authority;
  const by = changed_by === undefined ? "" : ` by ${describeActor(changed_by)}`;
  const at = changed_at === undefined ? "" : `, ${exactTime(changed_at, nowMs)}`;
  const why = reason === undefined ? "" : `: ${printableLine(reason, 200)}`;
  return `${frozen ? "frozen" : "in force"}${by}${at}, epoch ${epoch}${why}`;
}
