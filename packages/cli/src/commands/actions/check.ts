import { Command } from "commander";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import type { Terminal } from "../../terminal.js";
import { withJson } from "../options.js";
import { type CheckedFile, checkFile, describeChecked, requireValid } from "./manifest.js";

export function checkCommand(terminal: Terminal): Command {
  return withJson(new Command("check"))
    .description("Check manifests, offline: their form, and what may not be meant.")
    .argument("<files...>", "YAML or JSON, or - for standard input")
    .addHelpText(
      "after",
      `
Ends with exit code 1 when there is an error. Whether a module is there, or private networks are
allowed, only the control plane knows.

Example:
  holdpoint actions check actions/*.yaml`,
    )
    .action((files: readonly string[], options: AnswerOptions) => check(terminal, files, options));
}

async function check(
  terminal: Terminal,
  files: readonly string[],
  options: AnswerOptions,
): Promise<void> {
  const checked: CheckedFile[] = [];
  for (const file of files) {
    const { manifest: _, ...found } = await checkFile(terminal, file);
    checked.push(found);
  }
  printAnswer(terminal, options, { files: checked }, (value) =>
    describeChecked(value.files, terminal.colours),
  );
  requireValid(checked, "");
}
