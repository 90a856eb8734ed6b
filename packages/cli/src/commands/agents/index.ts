import { Command } from "commander";
import type { Terminal } from "../../terminal.js";
import { enrolCommand } from "./enrol.js";
import { limitCommand } from "./limit.js";
import { lsCommand } from "./ls.js";
import { revokeCommand } from "./revoke.js";
import { showCommand } from "./show.js";

export function agentsCommand(terminal: Terminal): Command {
  return new Command("agents")
    .description("The agents: what they may do through the gate, and by which keys of their own.")
    .addCommand(lsCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(enrolCommand(terminal))
    .addCommand(revokeCommand(terminal))
    .addCommand(limitCommand(terminal));
}
