import { HoldpointError } from "@holdpoint/sdk";
import { type Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { serveCommand } from "./commands/serve.js";
import { EXIT_CODES } from "./exit-codes.js";
import { gatewayCommand } from "./gateway/index.js";
import type { Terminal } from "./terminal.js";

/** Runs one command line and answers the exit code. Throws nothing and never ends the process. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync([...argv], { from: "user" });
    return EXIT_CODES.ok.code;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT_CODES.ok.code : EXIT_CODES.usage.code;
    }
    terminal.note(`error: ${error instanceof Error ? error.message : String(error)}`);
    return isUsage(error) ? EXIT_CODES.usage.code : EXIT_CODES.failed.code;
  }
}

function createProgram(terminal: Terminal): Command {
  const program = serveCommand(terminal)
    .version(manifest.version, "-v, --version", "print the version")
    // Options after the subcommand are its own, also where both have them.
    .enablePositionalOptions()
    .addCommand(gatewayCommand(terminal));
  settle(program, terminal);
  return program;
}

/** Commander passes these on to no command that was added ready-made. */
function settle(command: Command, terminal: Terminal): void {
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .showHelpAfterError("Try: npx @holdpoint/mcp --help");
  for (const child of command.commands) settle(child, terminal);
}

/** The client refuses its settings before anything is sent, with these codes. */
function isUsage(error: unknown): boolean {
  if (!HoldpointError.isInstance(error)) return false;
  return error.code === "CONFIGURATION_INVALID" || error.code === "ENCRYPTION_KEY_INVALID";
}
