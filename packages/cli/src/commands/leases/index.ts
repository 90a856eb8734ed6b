import { Command } from "commander";
import type { Terminal } from "../../terminal.js";
import { lsCommand } from "./ls.js";
import { revokeCommand } from "./revoke.js";

export function leasesCommand(terminal: Terminal): Command {
  return new Command("leases")
    .description("The short rights, each bound to a key, under which agents use the gate.")
    .addCommand(lsCommand(terminal))
    .addCommand(revokeCommand(terminal));
}
