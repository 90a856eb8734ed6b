import { Command } from "commander";
import type { Terminal } from "../../terminal.js";
import { approveCommand } from "./approve.js";
import { lsCommand } from "./ls.js";
import { rejectCommand } from "./reject.js";
import { showCommand } from "./show.js";
import { tailCommand } from "./tail.js";

export function requestsCommand(terminal: Terminal): Command {
  return new Command("requests")
    .description("See what agents ask for, and decide.")
    .addCommand(lsCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(tailCommand(terminal))
    .addCommand(approveCommand(terminal))
    .addCommand(rejectCommand(terminal));
}
