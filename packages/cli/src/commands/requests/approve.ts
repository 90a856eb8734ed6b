import {
  diffPayload,
  type JsonValue,
  type WireDecision,
  type WireRequest,
} from "@holdpoint/protocol";
import type { EnvelopeKey } from "@holdpoint/protocol/envelope";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { CommandFailure } from "../../failure.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { describePlan, type Plan } from "../../output/plan.js";
import { changeLines, describePayload, describeRequest, section } from "../../output/request.js";
import { type EditOptions, editPayload } from "../../payload/edit.js";
import { loadEncryptionKeys } from "../../payload/keys.js";
import { describeFault, readPayload } from "../../payload/reading.js";
import type { Terminal } from "../../terminal.js";
import { collect, withConnection, withJson, wrongUsage } from "../options.js";
import { requirePending, sendDecision } from "./decide.js";
import { fetchRequest } from "./fetch.js";
import { fetchHistory, fetchPlan } from "./plan.js";

interface Options extends ConnectionOptions, AnswerOptions, EditOptions {
  readonly reason?: string;
  readonly yes?: boolean;
}

export function approveCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("approve")))
    .description("Approve a request, as it is or with edits. Shows what will run and asks first.")
    .argument("<id>", "request id (req_…)")
    .option("--patch <json>", "the whole edited payload: a file, - for standard input, or JSON")
    .option("--set <path=value>", "edit one value; may be given several times", collect)
    .option("--reason <text>", "a note for the agent and the record")
    .option("-y, --yes", "do not ask; needed where there is no terminal")
    .addHelpText(
      "after",
      `
A path is a JSON Pointer (/limits/0/amount) or keys with dots (limits.0.amount). A value is JSON;
what is not JSON is text: --set limit=10 sets a number, --set 'limit="10"' a text.
Edits must fit the request's schema. Edits to encrypted requests are encrypted before they leave.

Examples:
  holdpoint requests approve req_01h455vb4pex5vsknk084sn02q
  holdpoint requests approve req_01h455vb4pex5vsknk084sn02q --set amount=50 --reason "half of it"
  holdpoint requests approve req_01h455vb4pex5vsknk084sn02q --patch edited.json --yes`,
    )
    .action((id: string, options: Options) => approve(terminal, id, options));
}

async function approve(terminal: Terminal, id: string, options: Options): Promise<void> {
  const keys = await loadEncryptionKeys(terminal);
  const client = await connectOperator(terminal, options);
  const request = await fetchRequest(client, id);
  requirePending(request);
  const reading = await readPayload(request, keys);
  if (!reading.readable) throw unreadable(request, reading.fault);
  const patch = await editPayload(reading.payload, options, terminal);

  if (!options.json) {
    const plan = await fetchPlan(client, request, await fetchHistory(client, id));
    terminal.print(preview({ request, payload: reading.payload, patch, plan }, terminal));
  }
  await confirm(terminal, options);
  const decision = await seal(request, patch, keys, options.reason);
  const decided = await sendDecision(client, id, decision);
  printAnswer(
    terminal,
    options,
    decided,
    (request) => `${terminal.colours.green("✓")} ${describeOutcome(request)}: ${id}`,
  );
}

/** Where several people decide, it may need others yet. */
function describeOutcome({ status, quorum = 1, approvals = [] }: WireRequest): string {
  if (status === "APPROVED") return "Approved";
  if (status === "APPROVED_WITH_MODIFICATIONS") return "Approved with your edits";
  return `Your approval counts, ${approvals.length} of ${quorum}; it waits for others`;
}

interface Preview {
  readonly request: WireRequest;
  readonly payload: JsonValue;
  readonly patch: JsonValue | undefined;
  readonly plan: Plan | undefined;
}

/** What will run: the payload, or what the edits make of it; and by what, where the gate runs it. */
function preview({ request, payload, patch, plan }: Preview, { colours }: Terminal): string {
  const now = Date.now();
  const shown = patch ?? payload;
  const parts = [
    describeRequest(request, now, colours),
    ...(plan ? [describePlan(plan, colours)] : []),
    describePayload(request, { readable: true, payload: shown }, colours),
  ];
  if (patch !== undefined) {
    const { changes } = diffPayload(payload, patch);
    const lines =
      changes.length > 0 ? changeLines(changes, colours) : "nothing: the edit equals it";
    parts.push(section("Your edits", lines, colours));
  }
  return `${parts.join("\n\n")}\n`;
}

async function confirm(terminal: Terminal, options: Options): Promise<void> {
  if (options.yes) return;
  if (!terminal.interactive || options.json) {
    throw wrongUsage(
      "Nothing is approved without a confirmation, and there is no terminal to ask on.",
      "look at it with `holdpoint requests show <id>`, then add --yes",
    );
  }
  const { confirm: ask } = await import("@clack/prompts");
  const answer = await ask({
    message: "Let this run?",
    initialValue: false,
    input: terminal.input,
    output: terminal.screen,
    signal: terminal.stopped,
  });
  if (answer !== true) {
    throw new CommandFailure({ reason: "failed", message: "Nothing was decided." });
  }
}

async function seal(
  request: WireRequest,
  patch: JsonValue | undefined,
  keys: readonly EnvelopeKey[],
  reason: string | undefined,
): Promise<WireDecision> {
  const { revision, encrypted, project_id: projectId, id: requestId } = request;
  const decision = { decision: "approve", revision, ...(reason && { reason }) } as const;
  if (patch === undefined) return decision;
  if (!encrypted) return { ...decision, patched_payload: patch };
  const [key] = keys;
  if (key === undefined) throw unreadable(request, "no_key");
  const { sealEnvelope } = await import("@holdpoint/protocol/envelope");
  const binding = { projectId, requestId, field: "patch" } as const;
  return { ...decision, patched_payload: await sealEnvelope(patch, binding, key) };
}

function unreadable(request: WireRequest, fault: string): CommandFailure {
  return new CommandFailure({
    reason: "refused",
    code: fault === "no_key" ? "DECRYPTION_KEY_MISSING" : "DECRYPTION_FAILED",
    message: `Nothing is approved unread. ${request.id} is ${describeFault(fault)}.`,
    next: `export HOLDPOINT_ENCRYPTION_KEY=…, or reject it: holdpoint requests reject ${request.id}`,
  });
}
