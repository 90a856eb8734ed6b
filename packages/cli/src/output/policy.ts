import type {
  WirePolicy,
  WirePolicyExplanation,
  WirePolicyStatement,
  WirePolicyTrial,
} from "@holdpoint/protocol/policy";
import type { Colours } from "../terminal.js";
import { columns } from "./columns.js";
import { describeActor, section } from "./request.js";
import { indent, printable, printableJson, printableLine } from "./text.js";
import { exactTime, relativeTime } from "./time.js";

/** What each statement does, one a line. */
export function listStatements(statements: readonly WirePolicyStatement[]): string {
  return columns(
    statements.map(({ id, effect, hold, reason }) => [
      printableLine(id, 60),
      hold === undefined ? effect : `hold for ${printableLine(hold, 60)}`,
      reason === undefined ? "" : printableLine(reason, 200),
    ]),
  );
}

/** `revision 3, by operator Ada, 2026-11-22 21:40:03Z (3m ago)` */
export function describeRevision(policy: WirePolicy, nowMs: number): string {
  const { revision, created_by, created_at, note } = policy;
  const why = note === undefined ? "" : `: ${printableLine(note, 300)}`;
  return `revision ${revision}, by ${describeActor(created_by)}, ${exactTime(created_at, nowMs)}${why}`;
}

/** The rows of `policy show --history`. */
export function listRevisions(
  policies: readonly WirePolicy[],
  nowMs: number,
  { dim }: Colours,
): string {
  const head = ["REVISION", "SET", "BY", "RECEIPT", "NOTE"].map(dim);
  const rows = policies.map(({ revision, created_at, created_by, receipt_id, note, text }) => [
    String(revision),
    relativeTime(created_at, nowMs),
    describeActor(created_by),
    receipt_id,
    text === "" ? "(taken away)" : printableLine(note ?? "", 60),
  ]);
  return columns([head, ...rows]);
}

/** What a text would have said of past requests, and what of it differs from the one in force. */
export function describeTrial(trial: WirePolicyTrial, nowMs: number, colours: Colours): string {
  const { tried, verdicts, changed } = trial;
  if (tried === 0) return "No request was made in that time: there is nothing to try it on.";
  const counts = Object.entries(verdicts).flatMap(([verdict, count]) =>
    count > 0 ? [`${count} ${VERDICTS[verdict] ?? verdict}`] : [],
  );
  const summary = `Of ${tried} past requests: ${counts.join(", ")}.`;
  if (changed.length === 0) return `${summary}\nNothing would be decided otherwise than now.`;
  const rows = changed.map((one) => [
    one.request_id,
    `${one.was} → ${colours.bold(one.would_be)}`,
    `${printableLine(one.service, 40)} / ${printableLine(one.action, 40)}`,
    relativeTime(one.created_at, nowMs),
    printableLine(one.policies.join(", "), 60),
  ]);
  const head = ["REQUEST", "NOW → THEN", "WHAT", "ASKED", "BY"].map(colours.dim);
  return `${summary}\n${changed.length} would be decided otherwise than now:\n\n${columns([head, ...rows])}`;
}

const VERDICTS: Readonly<Record<string, string>> = {
  allow: "let through",
  hold: "held for a person",
  deny: "denied",
  none: "matched by nothing",
};

/** What the policy in force says of one request, and what it was asked. */
export function describeExplanation(explanation: WirePolicyExplanation, colours: Colours): string {
  const { verdict, revision, role, reason, policies, errors, question } = explanation;
  const { principal, action, resource, context } = question;
  const facts = [
    ["role", role],
    ["reason", reason && printableLine(reason, 300)],
    ["principal", printableLine(principal)],
    ["action", printableLine(action)],
    ["resource", printableLine(resource)],
  ].flatMap(([name = "", fact]) => (fact ? [[colours.dim(name), fact]] : []));
  return [
    `${colours.bold(verdict)}, by revision ${revision}`,
    indent(columns(facts)),
    section(
      "Statements that decide",
      policies.length > 0 ? listStatements(policies) : "none matches",
      colours,
    ),
    ...(errors.length > 0
      ? [
          section(
            "Not evaluated",
            errors.map((one) => colours.red(printable(one))).join("\n"),
            colours,
          ),
        ]
      : []),
    section("Context", printableJson(context, 2), colours),
  ].join("\n\n");
}
