import { Command } from "commander";
import type { Terminal } from "../../terminal.js";
import { anomaliesCommand } from "./anomalies.js";
import { lsCommand } from "./ls.js";
import { modeCommand } from "./mode.js";
import { reviewCommand } from "./review.js";
import { runsCommand } from "./runs.js";
import { settingsCommand } from "./settings.js";
import { showCommand } from "./show.js";

export function shieldCommand(terminal: Terminal): Command {
  return new Command("shield")
    .description("See what agents are known to do and what was unlike it, and hold that.")
    .addCommand(lsCommand(terminal), { isDefault: true })
    .addCommand(showCommand(terminal))
    .addCommand(runsCommand(terminal))
    .addCommand(anomaliesCommand(terminal))
    .addCommand(modeCommand(terminal))
    .addCommand(settingsCommand(terminal))
    .addCommand(reviewCommand(terminal));
}
