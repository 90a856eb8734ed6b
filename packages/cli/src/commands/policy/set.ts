import type { WirePolicy, WireSetPolicy } from "@holdpoint/protocol/policy";
import { Command } from "commander";
import { connectOperator, type OperatorClient } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { readFileText } from "../../documents/read.js";
import { hasCode } from "../../failure.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import type { Terminal } from "../../terminal.js";
import { parseLimit, withConnection, withJson, wrongUsage } from "../options.js";
import { requireValid } from "./check.js";
import { fetchPolicies } from "./fetch.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly note?: string;
  readonly base?: number;
  readonly remove?: boolean;
}

/** What was done, and what is in force now. */
interface Outcome {
  readonly outcome: "set" | "unchanged";
  readonly policy: WirePolicy | null;
}

export function setCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("set")))
    .description("Put a policy in force, in the place of the one there is. Admins only.")
    .argument("[file]", "Cedar, or - for standard input")
    .option("--note <text>", "why, for who reads the history")
    .option(
      "--base <revision>",
      "refuse when another revision is in force by now (default: the one in force is replaced)",
      parseLimit(Number.MAX_SAFE_INTEGER),
    )
    .option("--remove", "take the policy away")
    .addHelpText(
      "after",
      `
The policy is checked here first. What is in force already stays as it is. See what it would have
done before you set it: holdpoint policy try <file>

Example:
  holdpoint policy set policy.cedar --note "Refunds above 100 EUR go to finance."`,
    )
    .action((file: string | undefined, options: Options) => set(terminal, file, options));
}

async function set(terminal: Terminal, file: string | undefined, options: Options): Promise<void> {
  const text = await readPolicy(terminal, file, options);
  const client = await connectOperator(terminal, options);
  const [inForce] = (await fetchPolicies(client, 1)).data;
  const outcome: Outcome =
    text === (inForce?.text ?? "")
      ? { outcome: "unchanged", policy: inForce ?? null }
      : { outcome: "set", policy: await replace(client, text, inForce, options) };
  printAnswer(terminal, options, outcome, (value) => describe(value, terminal));
}

async function readPolicy(
  terminal: Terminal,
  file: string | undefined,
  { remove }: Options,
): Promise<string> {
  if ((file === undefined) !== (remove === true)) {
    throw wrongUsage("Expected a file, or --remove, not both.", "holdpoint policy set --help");
  }
  if (file === undefined) return "";
  const text = await readFileText(terminal, file);
  if (text.trim() === "") {
    throw wrongUsage(
      "There is no policy in it. To take the policy away, say so with --remove.",
      "holdpoint policy set --remove",
    );
  }
  await requireValid(terminal, file, text);
  return text;
}

async function replace(
  client: OperatorClient,
  text: string,
  inForce: WirePolicy | undefined,
  { note, base }: Options,
): Promise<WirePolicy> {
  const { policySchema } = await import("@holdpoint/protocol/schemas");
  const body: WireSetPolicy = {
    text,
    base_revision: base ?? inForce?.revision ?? 0,
    ...(note && { note }),
  };
  try {
    return await client.call<WirePolicy>(
      { method: "PUT", path: "/v1/policies", body },
      policySchema,
    );
  } catch (error) {
    if (!hasCode(error, "REVISION_CONFLICT")) throw error;
    throw error.withNext("holdpoint policy show   (what is in force now)");
  }
}

function describe({ outcome, policy }: Outcome, { colours }: Terminal): string {
  if (policy === null) return "There is no policy, so there is nothing to take away.";
  const { revision, receipt_id, text } = policy;
  if (outcome === "unchanged") return `Revision ${revision} says exactly this already.`;
  const what = text === "" ? "The policy is taken away" : `Revision ${revision} is in force`;
  return `${colours.green("✓")} ${what}. Receipt: ${receipt_id}`;
}
