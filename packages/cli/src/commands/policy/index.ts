import { Command } from "commander";
import type { Terminal } from "../../terminal.js";
import { checkCommand } from "./check.js";
import { explainCommand } from "./explain.js";
import { setCommand } from "./set.js";
import { showCommand } from "./show.js";
import { templatesCommand } from "./templates.js";
import { testCommand } from "./test.js";
import { tryCommand } from "./try.js";

export function policyCommand(terminal: Terminal): Command {
  return new Command("policy")
    .description("What is let through, held for a person or denied, written in Cedar.")
    .addCommand(showCommand(terminal))
    .addCommand(setCommand(terminal))
    .addCommand(checkCommand(terminal))
    .addCommand(testCommand(terminal))
    .addCommand(tryCommand(terminal))
    .addCommand(explainCommand(terminal))
    .addCommand(templatesCommand(terminal));
}
