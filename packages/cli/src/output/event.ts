import type { RequestEventType, WireEvent } from "@holdpoint/protocol";
import type { Colours } from "../terminal.js";
import { layOut } from "./columns.js";
import { describeAction, describeActor } from "./request.js";
import { printableLine } from "./text.js";
import { clockTime } from "./time.js";

const WORDS: Readonly<Record<RequestEventType, string>> = {
  "request.created": "asked",
  "request.endorsed": "endorsed",
  "request.approved": "approved",
  "request.rejected": "rejected",
  "request.expired": "expired",
  "request.cancelled": "cancelled",
  "execution.claimed": "claimed",
  "execution.committed": "committed",
  "execution.failed": "failed",
  "execution.outcome_unknown": "unknown!",
  "purchase.reserved": "held",
  "purchase.settled": "spent",
  "purchase.released": "released",
  "purchase.expired": "lapsed",
  "purchase.refunded": "refunded",
  "shield.anomaly": "anomaly",
};

/** Clock, what happened, priority, what it is about; then id, actor and reason of any length. */
const WIDTHS = [8, 9, 8, 28, 30] as const;

/** One event as one aligned line. */
export function eventLine(event: WireEvent, colours: Colours): string {
  return layOut(
    [
      colours.dim(clockTime(event.at)),
      paintWord(event, colours),
      event.priority === "critical" ? colours.bold(event.priority) : event.priority,
      describeAction(event),
      colours.dim(event.request_id),
      `${describeActor(event.actor)}${reasonText(event)}`,
    ],
    WIDTHS,
  );
}

function reasonText({ reason }: WireEvent): string {
  return reason ? `: ${printableLine(reason, 200)}` : "";
}

function paintWord({ type, status }: WireEvent, { yellow, green, red, dim }: Colours): string {
  const word = WORDS[type];
  if (type === "request.created" || type === "shield.anomaly") return yellow(word);
  if (type === "request.approved") {
    return green(status === "APPROVED_WITH_MODIFICATIONS" ? "edited ✓" : word);
  }
  const isBad = ["request.rejected", "execution.failed", "execution.outcome_unknown"].includes(
    type,
  );
  return isBad ? red(word) : dim(word);
}

/** The history of one request. */
export function historyLine(event: WireEvent, colours: Colours): string {
  const row = [
    colours.dim(`${event.at.slice(0, 19).replace("T", " ")}Z`),
    paintWord(event, colours),
    `${describeActor(event.actor)}${reasonText(event)}`,
  ];
  return layOut(row, [20, 9]);
}
