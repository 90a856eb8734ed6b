import { LIMITS, type WireList } from "@holdpoint/protocol";
import type { WirePolicy } from "@holdpoint/protocol/policy";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { describeRevision, listRevisions } from "../../output/policy.js";
import { printable } from "../../output/text.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";
import { fetchPolicies } from "./fetch.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly history?: boolean;
}

export function showCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("show")))
    .description("Print the policy in force, or with --history who changed it, when and why.")
    .option("--history", "the revisions, newest first, each with its receipt")
    .addHelpText("after", "\nExample:\n  holdpoint policy show > policy.cedar")
    .action((options: Options) => show(terminal, options));
}

async function show(terminal: Terminal, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  if (options.history) {
    const list = await fetchPolicies(client, LIMITS.maxPageSize);
    printAnswer(terminal, options, list, (value) => history(value, terminal));
    return;
  }
  const [inForce] = (await fetchPolicies(client, 1)).data;
  // Beside the text, so that what is printed can be edited and set again.
  if (inForce !== undefined && !options.json) {
    terminal.note(describeRevision(inForce, Date.now()));
  }
  printAnswer(terminal, options, inForce ?? null, describe);
}

function describe(policy: WirePolicy | null): string {
  if (policy === null || policy.text === "") return NOTHING;
  return printable(policy.text).replaceAll("\\u0009", "\t").trimEnd();
}

function history({ data, next_cursor }: WireList<WirePolicy>, terminal: Terminal): string {
  if (data.length === 0) return NOTHING;
  const rows = listRevisions(data, Date.now(), terminal.colours);
  return next_cursor === null ? rows : `${rows}\n\nThere are older ones.`;
}

const NOTHING = `// No policy is in force: people decide what is asked, and no action runs.
// One to begin with: holdpoint policy templates`;
