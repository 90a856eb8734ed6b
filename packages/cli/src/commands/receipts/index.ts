import { Command } from "commander";
import type { Terminal } from "../../terminal.js";
import { exportCommand } from "./export.js";
import { getCommand } from "./get.js";

export function receiptsCommand(terminal: Terminal): Command {
  return new Command("receipts")
    .description("Get signed evidence of what happened. To check it: holdpoint verify")
    .addCommand(getCommand(terminal))
    .addCommand(exportCommand(terminal));
}
