import type { Change, RequestStatus, WireActor, WireRequest } from "@holdpoint/protocol";
import { describeFault, type Reading } from "../payload/reading.js";
import type { Colours } from "../terminal.js";
import { columns } from "./columns.js";
import { describeJudgement, describeVerdict } from "./judgement.js";
import { describeSchema } from "./schema.js";
import { indent, printableJson, printableLine } from "./text.js";
import { exactTime, relativeTime } from "./time.js";

function paintStatus(status: RequestStatus, { green, red, yellow, dim }: Colours): string {
  if (status === "PENDING") return yellow(status);
  if (status === "REJECTED") return red(status);
  return status.startsWith("APPROVED") ? green(status) : dim(status);
}

/** `service / action`, as everywhere. */
export function describeAction(request: Pick<WireRequest, "service" | "action">): string {
  return `${printableLine(request.service)} / ${printableLine(request.action)}`;
}

export function describeActor(actor: WireActor): string {
  return actor.type === "system"
    ? "Holdpoint"
    : `${actor.type} ${printableLine(actor.name ?? actor.id)}`;
}

/** The rows of `requests ls`. */
export function listRequests(
  requests: readonly WireRequest[],
  nowMs: number,
  colours: Colours,
): string {
  const head = ["ID", "STATUS", "PRIORITY", "WHAT", "AGENT", "ASKED", "EXPIRES"].map(colours.dim);
  const rows = requests.map((request) => [
    request.id,
    paintStatus(request.status, colours),
    request.priority,
    describeAction(request),
    printableLine(request.agent.name, 40),
    relativeTime(request.created_at, nowMs),
    request.status === "PENDING" ? relativeTime(request.expires_at, nowMs) : "",
  ]);
  return columns([head, ...rows]);
}

/** Who asks for what, and until when. */
export function describeRequest(request: WireRequest, nowMs: number, colours: Colours): string {
  const claim =
    request.agent_label && `, which calls itself “${printableLine(request.agent_label)}”`;
  const facts: (readonly [string, string | undefined])[] = [
    ["asked by", `${printableLine(request.agent.name)}${claim ?? ""}`],
    ["asked", exactTime(request.created_at, nowMs)],
    ["expires", request.status === "PENDING" ? exactTime(request.expires_at, nowMs) : undefined],
    ["decided", request.resolved_at && exactTime(request.resolved_at, nowMs)],
    ["decided by", request.decided_by && describeActor(request.decided_by)],
    ["approvals", describeApprovals(request)],
    ["receipt", request.receipt_id],
    ["reason", request.reason && printableLine(request.reason, 400)],
    ["for role", request.role],
    ["policy", request.policy && describeJudgement(request.policy)],
    ["shield", request.shield && describeVerdict(request.shield)],
    ["environment", request.environment && printableLine(request.environment)],
    ["run", request.run_id && printableLine(request.run_id)],
    ["parent", request.parent_request_id],
    [
      "metadata",
      Object.keys(request.metadata).length ? printableJson(request.metadata) : undefined,
    ],
    ["open", request.url],
  ];
  const rows = facts.flatMap(([label, fact]) => (fact ? [[colours.dim(label), fact]] : []));
  const title = `${colours.bold(describeAction(request))}  ${paintStatus(request.status, colours)}  ${request.priority}`;
  return `${title}\n${colours.dim(request.id)}\n\n${indent(columns(rows))}`;
}

/** Who has approved what several people have to. */
function describeApprovals({ quorum = 1, approvals = [] }: WireRequest): string | undefined {
  if (quorum === 1) return undefined;
  const names = approvals.map(({ operator }) => printableLine(operator.name, 40));
  return `${approvals.length} of ${quorum}${names.length > 0 ? `: ${names.join(", ")}` : ""}`;
}

/** Payload, edit and schema, as far as they can be read. */
export function describePayload(request: WireRequest, reading: Reading, colours: Colours): string {
  const sections = [section("Payload", payloadText(reading), colours)];
  if (reading.readable && reading.diff) {
    sections.push(section("Edited", changeLines(reading.diff.changes, colours), colours));
  }
  if (request.schema) sections.push(section("Schema", describeSchema(request.schema), colours));
  return sections.join("\n\n");
}

function payloadText(reading: Reading): string {
  return reading.readable ? printableJson(reading.payload, 2) : describeFault(reading.fault);
}

export function section(title: string, body: string, colours: Colours): string {
  return `${colours.bold(title)}\n${indent(body)}`;
}

/** Edits as one knows them from code review. */
export function changeLines(changes: readonly Change[], { red, green, dim }: Colours): string {
  return changes
    .flatMap(({ path, from, to }) => [
      dim(printableLine(path || "(the whole payload)")),
      ...(from === undefined ? [] : [red(`- ${printableJson(from)}`)]),
      ...(to === undefined ? [] : [green(`+ ${printableJson(to)}`)]),
    ])
    .join("\n");
}
