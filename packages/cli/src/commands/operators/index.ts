import { Command } from "commander";
import type { Terminal } from "../../terminal.js";
import { inviteCommand } from "./invite.js";
import { linkCommand } from "./link.js";
import { lsCommand } from "./ls.js";

export function operatorsCommand(terminal: Terminal): Command {
  return new Command("operators")
    .description("The people who decide.")
    .addCommand(lsCommand(terminal))
    .addCommand(inviteCommand(terminal))
    .addCommand(linkCommand(terminal));
}
