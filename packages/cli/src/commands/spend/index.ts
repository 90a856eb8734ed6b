import { Command } from "commander";
import type { Terminal } from "../../terminal.js";
import { budgetCommand } from "./budget.js";
import { policyCommand } from "./policy.js";
import { purchasesCommand } from "./purchases.js";
import { resumeCommand, stopCommand } from "./switch.js";

export function spendCommand(terminal: Terminal): Command {
  return new Command("spend")
    .description("See what agents spend, set what limits it, and stop it.")
    .addCommand(purchasesCommand(terminal))
    .addCommand(budgetCommand(terminal))
    .addCommand(policyCommand(terminal))
    .addCommand(stopCommand(terminal))
    .addCommand(resumeCommand(terminal));
}
