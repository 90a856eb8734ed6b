import type { WireEvent, WireRequest } from "@holdpoint/protocol";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { historyLine } from "../../output/event.js";
import { describePlan, type Plan } from "../../output/plan.js";
import { describePayload, describeRequest, section } from "../../output/request.js";
import { loadEncryptionKeys } from "../../payload/keys.js";
import { type Reading, readPayload } from "../../payload/reading.js";
import type { Colours, Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";
import { fetchRequest } from "./fetch.js";
import { fetchHistory, fetchPlan } from "./plan.js";

interface Options extends ConnectionOptions, AnswerOptions {}

/** A request as `show --json` prints it: as on the wire, with its history and, if encrypted, what was read. */
interface Shown {
  readonly request: WireRequest;
  readonly reading: Reading;
  /** Where the gate runs it. */
  readonly plan?: Plan;
  readonly history: readonly WireEvent[];
}

export function showCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("show")))
    .description("Show one request: who asks, payload, edits, schema and history.")
    .argument("<id>", "request id (req_…)")
    .addHelpText(
      "after",
      `
Encrypted requests are decrypted here with HOLDPOINT_ENCRYPTION_KEY.

Example:
  holdpoint requests show req_01h455vb4pex5vsknk084sn02q`,
    )
    .action((id: string, options: Options) => show(terminal, id, options));
}

async function show(terminal: Terminal, id: string, options: Options): Promise<void> {
  const keys = await loadEncryptionKeys(terminal);
  const client = await connectOperator(terminal, options);
  const request = await fetchRequest(client, id);
  const history = await fetchHistory(client, id);
  const plan = await fetchPlan(client, request, history);
  const shown: Shown = {
    request,
    reading: await readPayload(request, keys),
    ...(plan && { plan }),
    history,
  };
  printAnswer(terminal, options, shown, (value) => describe(value, terminal.colours));
}

function describe({ request, reading, plan, history }: Shown, colours: Colours): string {
  return [
    describeRequest(request, Date.now(), colours),
    ...(plan ? [describePlan(plan, colours)] : []),
    describePayload(request, reading, colours),
    section("History", history.map((event) => historyLine(event, colours)).join("\n"), colours),
    ...(request.status === "PENDING" ? [nextSteps(request.id)] : []),
  ].join("\n\n");
}

function nextSteps(id: string): string {
  return `Decide:  holdpoint requests approve ${id}\n         holdpoint requests reject ${id} --reason "…"`;
}
