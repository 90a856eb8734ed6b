import { Command } from "commander";
import type { Terminal } from "../../terminal.js";
import { addCommand } from "./add.js";
import { applyCommand } from "./apply.js";
import { checkCommand } from "./check.js";
import { lsCommand } from "./ls.js";
import { showCommand } from "./show.js";
import { withdrawCommand } from "./withdraw.js";

export function actionsCommand(terminal: Terminal): Command {
  return new Command("actions")
    .description("What agents may have run through the gate, by manifests in YAML or JSON.")
    .addCommand(lsCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(checkCommand(terminal))
    .addCommand(applyCommand(terminal))
    .addCommand(addCommand(terminal))
    .addCommand(withdrawCommand(terminal));
}
