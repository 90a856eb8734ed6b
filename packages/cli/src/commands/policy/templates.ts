import { POLICY_TEMPLATES, type PolicyTemplate } from "@holdpoint/protocol/policy";
import { Command } from "commander";
import { CommandFailure } from "../../failure.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { indent, printableLine, wrap } from "../../output/text.js";
import type { Colours, Terminal } from "../../terminal.js";
import { withJson } from "../options.js";

export function templatesCommand(terminal: Terminal): Command {
  return withJson(new Command("templates"))
    .description("List policies to begin with, or print one.")
    .argument("[id]", "the one to print")
    .addHelpText("after", "\nExample:\n  holdpoint policy templates people-decide > policy.cedar")
    .action((id: string | undefined, options: AnswerOptions) => {
      if (id === undefined) {
        printAnswer(terminal, options, POLICY_TEMPLATES, (all) => describe(all, terminal.colours));
      } else {
        printAnswer(terminal, options, findTemplate(id), ({ text }) => text.trimEnd());
      }
    });
}

function findTemplate(id: string): PolicyTemplate {
  const template = POLICY_TEMPLATES.find((one) => one.id === id);
  if (template !== undefined) return template;
  throw new CommandFailure({
    reason: "notFound",
    message: `There is no template ${printableLine(id, 60)}.`,
    next: "holdpoint policy templates",
  });
}

function describe(templates: readonly PolicyTemplate[], { bold }: Colours): string {
  return templates
    .map(({ id, title, description }) => `${bold(id)}  ${title}\n${indent(wrap(description))}`)
    .join("\n\n");
}
