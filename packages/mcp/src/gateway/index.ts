import { Holdpoint } from "@holdpoint/sdk";
import { Command, InvalidArgumentError, Option } from "commander";
import { MAX_WAIT_MS } from "../server/options.js";
import { runStdio } from "../server/stdio/serve.js";
import type { Terminal } from "../terminal.js";
import { loadConfig } from "./config/load.js";
import { toJsonSchema } from "./config/schema.js";
import { createGateway } from "./gateway.js";

interface Options {
  readonly config?: string;
  readonly waitMs: number;
  readonly runId?: string;
  readonly printSchema?: boolean;
}

const HELP = `
gateway.json names the servers and says what becomes of each tool:
  { "servers": { "files": {
      "command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/data"],
      "tools": { "read_*": "observe", "move_file": "deny", "*": "ask" } } } }

Environment: as without a subcommand.

Examples:
  npx -y @holdpoint/mcp gateway --config gateway.json
  npx -y @holdpoint/mcp gateway --print-schema > gateway.schema.json`;

/** Holdpoint in front of other MCP servers, over stdio. */
export function gatewayCommand(terminal: Terminal): Command {
  return new Command("gateway")
    .description("Put other MCP servers behind Holdpoint, with a verdict for each of their tools.")
    .option("--config <file>", "the servers and their policy (gateway.json)")
    .addOption(
      new Option(
        "--wait-ms <ms>",
        `how long a call waits for the person before it answers PENDING, 0 to ${MAX_WAIT_MS}`,
      )
        .env("HOLDPOINT_MCP_WAIT_MS")
        .default(45_000)
        .argParser(parseWait),
    )
    .addOption(
      new Option("--run-id <id>", "the run its requests belong to (default: a new one)").env(
        "HOLDPOINT_MCP_RUN_ID",
      ),
    )
    .option("--print-schema", "print the JSON Schema of gateway.json, and end")
    .addHelpText("after", HELP)
    .action((options: Options) => run(terminal, options));
}

async function run(terminal: Terminal, options: Options): Promise<void> {
  if (options.printSchema) return terminal.print(JSON.stringify(toJsonSchema(), null, 2));
  const { config: path = "gateway.json", waitMs, runId } = options;
  const { env, stopped } = terminal;
  const config = await loadConfig(path, env);
  const onError = ({ message }: Error) => terminal.note(`holdpoint-mcp: ${message}`);
  const gateway = createGateway({
    config,
    holdpoint: new Holdpoint(),
    environment: env.HOLDPOINT_ENVIRONMENT || undefined,
    waitMs,
    runId,
    onError,
  });
  try {
    await runStdio(() => gateway.createServer(), { stopped, onError });
  } finally {
    await gateway.close();
  }
}

function parseWait(text: string): number {
  const ms = Number(text);
  if (/^\d+$/.test(text) && ms <= MAX_WAIT_MS) return ms;
  throw new InvalidArgumentError(`Expected milliseconds from 0 to ${MAX_WAIT_MS}.`);
}
