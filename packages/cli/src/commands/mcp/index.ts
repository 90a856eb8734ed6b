import { Command } from "commander";
import type { Terminal } from "../../terminal.js";
import { installCommand } from "./install.js";
import { uninstallCommand } from "./uninstall.js";

export function mcpCommand(terminal: Terminal): Command {
  return new Command("mcp")
    .description("Holdpoint in Claude Desktop, Cursor, VS Code and Claude Code.")
    .addCommand(installCommand(terminal))
    .addCommand(uninstallCommand(terminal));
}
