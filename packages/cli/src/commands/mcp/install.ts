import { Command } from "commander";
import { printAnswer } from "../../output/answer.js";
import { indent } from "../../output/text.js";
import type { Terminal } from "../../terminal.js";
import { withConnection } from "../options.js";
import { putEntry } from "./document.js";
import { describeEntry, type Entry, type EntryOptions, hideKey } from "./entry.js";
import { type ChangedFile, changeFile } from "./file.js";
import { findTarget, type Target, type TargetOptions, withTarget } from "./target.js";

interface Options extends TargetOptions, EntryOptions {}

export function installCommand(terminal: Terminal): Command {
  return withConnection(withTarget(new Command("install")))
    .description("Put Holdpoint's MCP server into the configuration of a client.")
    .option("--api-key <key>", "the agent's key (default: HOLDPOINT_API_KEY, or that of `dev`)")
    .addHelpText(
      "after",
      `
Only our own entry is written. The file as it was is kept beside it, and the new one takes its
place in one step.

In your own files of Claude Desktop, Cursor and Claude Code the key is stored, and the file becomes
readable by you alone. A project's file refers to HOLDPOINT_API_KEY instead, because it is often
committed, and VS Code asks for the key and remembers it. The key is never printed. Others on this
machine can see --api-key while the command runs, so prefer the environment.

Examples:
  holdpoint mcp install --client claude-desktop
  holdpoint mcp install --client cursor --scope project --dry-run`,
    )
    .action((options: Options) => install(terminal, options));
}

async function install(terminal: Terminal, options: Options): Promise<void> {
  const target = findTarget(terminal, options);
  const entry = await describeEntry(terminal, target, options);
  const { force = false, dryRun = false } = options;
  const file = await changeFile(target.path, {
    edit: (text) => putEntry(text, target, { entry, force }),
    secret: target.key.kind === "stored",
    dryRun,
  });
  const { client, scope, name } = options;
  const answer = { client, scope, name, ...file, dryRun, entry: hideKey(entry, target) };
  printAnswer(terminal, options, answer, () => describe(answer, target, terminal));
}

interface Answer extends ChangedFile {
  readonly entry: Entry;
  readonly dryRun: boolean;
}

function describe(answer: Answer, target: Target, { colours }: Terminal): string {
  const { client, name } = target;
  const { path, change, backup, dryRun, entry } = answer;
  const place = `${client.section}.${name}`;
  if (change === "unchanged") return `${path} has ${place} as it should be. Nothing was written.`;
  if (dryRun) {
    const shown = indent(JSON.stringify({ [name]: entry }, null, 2));
    return `Would write ${place} into ${path}:\n\n${shown}\n\nNothing was written.`;
  }
  return [
    `${colours.green("✓")} ${change === "added" ? "Added" : "Replaced"} ${place} in ${path}`,
    `  ${describeKey(target)}`,
    ...(backup === null ? [] : [`  The file as it was: ${backup}`]),
    `  Restart ${client.title} to load it.`,
  ].join("\n");
}

function describeKey({ key, client }: Target): string {
  switch (key.kind) {
    case "stored":
      return "The API key is in it. Only you can read the file (mode 0600).";
    case "environment":
      return `The API key is not in it: start ${client.title} with HOLDPOINT_API_KEY set.`;
    case "prompt":
      return `The API key is not in it: ${client.title} asks for it once and remembers it.`;
  }
}
