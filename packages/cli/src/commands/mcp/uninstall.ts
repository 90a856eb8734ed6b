import { Command } from "commander";
import { printAnswer } from "../../output/answer.js";
import type { Terminal } from "../../terminal.js";
import { removeEntry } from "./document.js";
import { type ChangedFile, changeFile } from "./file.js";
import { findTarget, type Target, type TargetOptions, withTarget } from "./target.js";

export function uninstallCommand(terminal: Terminal): Command {
  return withTarget(new Command("uninstall"))
    .description("Take Holdpoint's MCP server out of the configuration of a client.")
    .addHelpText(
      "after",
      `
The file as it was is kept beside it, with the API key if it held one: delete it when you need it
no more, or revoke the key with \`holdpoint keys revoke\`.

Example:
  holdpoint mcp uninstall --client cursor`,
    )
    .action((options: TargetOptions) => uninstall(terminal, options));
}

async function uninstall(terminal: Terminal, options: TargetOptions): Promise<void> {
  const target = findTarget(terminal, options);
  const { client, scope, name, force = false, dryRun = false } = options;
  const file = await changeFile(target.path, {
    edit: (text) => removeEntry(text, target, { force }),
    secret: false,
    dryRun,
  });
  const answer = { client, scope, name, ...file, dryRun };
  printAnswer(terminal, options, answer, () => describe(answer, target, terminal));
}

function describe(
  { path, change, backup, dryRun }: ChangedFile & { readonly dryRun: boolean },
  { client, name }: Target,
  { colours }: Terminal,
): string {
  const place = `${client.section}.${name}`;
  if (change === "unchanged") return `${path} has no ${place}. Nothing was written.`;
  if (dryRun) return `Would remove ${place} from ${path}. Nothing was written.`;
  return [
    `${colours.green("✓")} Removed ${place} from ${path}`,
    `  The file as it was: ${backup}`,
    `  Restart ${client.title} to unload it.`,
  ].join("\n");
}
