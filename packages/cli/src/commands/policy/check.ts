import type { WirePolicyCheck } from "@holdpoint/protocol/policy";
import { Command } from "commander";
import { readFileText } from "../../documents/read.js";
import { CommandFailure } from "../../failure.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { listStatements } from "../../output/policy.js";
import { listProblems } from "../../output/problems.js";
import { printableLine } from "../../output/text.js";
import type { Terminal } from "../../terminal.js";
import { withJson } from "../options.js";

export function checkCommand(terminal: Terminal): Command {
  return withJson(new Command("check"))
    .description("Check a policy, offline: its form, its types, and what never matches.")
    .argument("<file>", "Cedar, or - for standard input")
    .addHelpText(
      "after",
      "\nEnds with exit code 1 when there is an error.\n\nExample:\n  holdpoint policy check policy.cedar",
    )
    .action((file: string, options: AnswerOptions) => check(terminal, file, options));
}

async function check(terminal: Terminal, file: string, options: AnswerOptions): Promise<void> {
  const { checkPolicy } = await import("@holdpoint/server");
  const found = checkPolicy(await readFileText(terminal, file));
  printAnswer(terminal, options, found, (value) => describe(value, file, terminal));
  if (!found.valid) throw invalid(found);
}

function describe(found: WirePolicyCheck, file: string, { colours }: Terminal): string {
  const { valid, problems, statements } = found;
  const parts = problems.length > 0 ? [listProblems(file, problems, colours)] : [];
  if (valid) {
    parts.push(`${colours.green("✓")} ${printableLine(file)} can be put in force.`);
    if (statements.length > 0) parts.push(listStatements(statements));
  }
  return parts.join("\n\n");
}

/**
 * Tells what is wrong with a policy before anything is done with it.
 *
 * @throws {CommandFailure} where there is an error.
 */
export async function requireValid(terminal: Terminal, file: string, text: string): Promise<void> {
  const { checkPolicy } = await import("@holdpoint/server");
  const found = checkPolicy(text);
  if (found.valid) return;
  terminal.note(listProblems(file, found.problems, terminal.colours));
  throw invalid(found);
}

function invalid({ problems }: WirePolicyCheck): CommandFailure {
  const count = problems.filter(({ severity }) => severity === "error").length;
  return new CommandFailure({
    reason: "failed",
    code: "POLICY_INVALID",
    message: count === 1 ? "The policy has 1 error." : `The policy has ${count} errors.`,
    next: "correct it; the form: https://docs.cedarpolicy.com",
  });
}
