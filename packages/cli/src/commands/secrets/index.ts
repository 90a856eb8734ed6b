import { Command } from "commander";
import type { Terminal } from "../../terminal.js";
import { lsCommand } from "./ls.js";
import { rmCommand } from "./rm.js";
import { setCommand } from "./set.js";

export function secretsCommand(terminal: Terminal): Command {
  return new Command("secrets")
    .description("What actions authenticate with. No agent sees them, and no command prints them.")
    .addCommand(setCommand(terminal))
    .addCommand(lsCommand(terminal))
    .addCommand(rmCommand(terminal));
}
