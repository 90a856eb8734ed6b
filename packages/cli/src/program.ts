import { Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { actionsCommand } from "./commands/actions/index.js";
import { agentsCommand } from "./commands/agents/index.js";
import { freezeCommand, thawCommand } from "./commands/authority.js";
import { backupCommand } from "./commands/backup.js";
import { devCommand } from "./commands/dev.js";
import { doctorCommand } from "./commands/doctor.js";
import { keysCommand } from "./commands/keys/index.js";
import { leasesCommand } from "./commands/leases/index.js";
import { mcpCommand } from "./commands/mcp/index.js";
import { operatorsCommand } from "./commands/operators/index.js";
import { policyCommand } from "./commands/policy/index.js";
import { receiptsCommand } from "./commands/receipts/index.js";
import { requestsCommand } from "./commands/requests/index.js";
import { restoreCommand } from "./commands/restore.js";
import { secretsCommand } from "./commands/secrets/index.js";
import { serveCommand } from "./commands/serve.js";
import { shieldCommand } from "./commands/shield/index.js";
import { spendCommand } from "./commands/spend/index.js";
import { verifyCommand } from "./commands/verify/index.js";
import { describeExitCodes, EXIT_CODES } from "./exit-codes.js";
import { asFailure, type CommandFailure } from "./failure.js";
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
    const failure = asFailure(error);
    terminal.note(argv.includes("--json") ? jsonFailure(failure) : describe(failure));
    return failure.exitCode;
  }
}

function createProgram(terminal: Terminal): Command {
  const program = new Command("holdpoint")
    .description("The hold point between an AI agent's decision and its effect on the world.")
    .version(manifest.version, "-v, --version", "print the version")
    .addCommand(devCommand(terminal))
    .addCommand(serveCommand(terminal))
    .addCommand(requestsCommand(terminal))
    .addCommand(spendCommand(terminal))
    .addCommand(actionsCommand(terminal))
    .addCommand(secretsCommand(terminal))
    .addCommand(policyCommand(terminal))
    .addCommand(shieldCommand(terminal))
    .addCommand(leasesCommand(terminal))
    .addCommand(freezeCommand(terminal))
    .addCommand(thawCommand(terminal))
    .addCommand(receiptsCommand(terminal))
    .addCommand(verifyCommand(terminal))
    .addCommand(keysCommand(terminal))
    .addCommand(agentsCommand(terminal))
    .addCommand(operatorsCommand(terminal))
    .addCommand(mcpCommand(terminal))
    .addCommand(backupCommand(terminal))
    .addCommand(restoreCommand(terminal))
    .addCommand(doctorCommand(terminal))
    .addHelpText("after", HELP);
  settle(program, terminal);
  return program;
}

const HELP = `
Start here:
  holdpoint dev                       everything on this machine, nothing to configure
  holdpoint requests ls               what waits for a decision
  holdpoint requests approve <id>     look at it, then let it run
  holdpoint spend purchases           what agents buy; \`spend stop\` ends it at once
  holdpoint actions add               what the gate can run for agents, with keys they never see
  holdpoint policy templates          what is let through, held or denied: something to begin with
  holdpoint shield                    what agents are known to do, and what was unlike it
  holdpoint freeze                    stop everything at once
  holdpoint verify <file|url>         evidence of what happened, checked without trust
  holdpoint doctor                    what is wrong, and what to do about it

Environment:
  HOLDPOINT_URL                       the control plane to talk to
  HOLDPOINT_OPERATOR_TOKEN            who you are (hpo_…); where \`dev\` runs, it is found by itself
  HOLDPOINT_ENCRYPTION_KEY            opens encrypted requests; several are separated by commas
  NO_COLOR                            no colours

${describeExitCodes()}`;

/** Commander passes these on to no command that was added ready-made. */
function settle(command: Command, terminal: Terminal): void {
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .showHelpAfterError(`Try: ${pathOf(command)} --help`);
  for (const child of command.commands) settle(child, terminal);
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function describe({ message, next }: CommandFailure): string {
  return next ? `error: ${message}\nTry: ${next}` : `error: ${message}`;
}

function jsonFailure({ message, next, code, exitCode }: CommandFailure): string {
  return JSON.stringify({ error: { message, code, next, exit_code: exitCode } });
}
