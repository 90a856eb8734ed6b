import { Command } from "commander";
import { drawKey } from "../../data/master-key.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import type { Terminal } from "../../terminal.js";
import { withJson } from "../options.js";

/** A command that prints 32 fresh random bytes as base64url and nothing else. */
export function drawCommand(
  terminal: Terminal,
  { name, description, help }: { name: string; description: string; help: string },
): Command {
  return withJson(new Command(name))
    .description(description)
    .addHelpText("after", `\n${help}`)
    .action((options: AnswerOptions) =>
      printAnswer(terminal, options, { key: drawKey() }, ({ key }) => key),
    );
}
