import type { McpServerFactory } from "@modelcontextprotocol/server";
import { Command, InvalidArgumentError, Option } from "commander";
import { describeExitCodes } from "../exit-codes.js";
import { createHoldpointMcpServer } from "../server/create.js";
import { listenHttp } from "../server/http/listen.js";
import { runStdio } from "../server/stdio/serve.js";
import { type Terminal, waitForStop } from "../terminal.js";

interface Options {
  readonly http?: boolean;
  readonly host?: string;
  readonly port?: number;
  readonly token?: string;
  readonly allowHost?: readonly string[];
  readonly waitMs?: number;
  readonly runId?: string;
  readonly elicitation: boolean;
  readonly spend: boolean;
  readonly actions?: boolean;
}

const HELP = `
Environment:
  HOLDPOINT_API_KEY             the agent's key (hp_…), required; \`npx holdpoint dev\` prints one
  HOLDPOINT_URL                 the control plane; default http://localhost:4747
  HOLDPOINT_ENCRYPTION_KEY      encrypts what people decide on, end to end
  HOLDPOINT_ENVIRONMENT         such as production

Examples:
  npx -y @holdpoint/mcp                            over stdio, as MCP clients start it
  npx -y @holdpoint/mcp --http --port 4748         at http://127.0.0.1:4748/mcp
  npx holdpoint mcp install --client claude-code   writes your client's configuration

${describeExitCodes()}`;

/** The program itself: without a subcommand it is the server. */
export function serveCommand(terminal: Terminal): Command {
  return new Command("holdpoint-mcp")
    .description(
      "An MCP server by which a model asks a person before it acts (ask_human, check_request, list_pending) and before it pays (request_purchase, check_purchase, confirm_purchase, check_budget).",
    )
    .option("--http", "serve streamable HTTP instead of stdio")
    .option("--host <address>", "with --http: the address to listen on (default: 127.0.0.1)")
    .option(
      "--port <number>",
      "with --http: the port, 0 for a free one (default: 4748)",
      wholeNumber,
    )
    .option("--allow-host <name...>", "with --http: further host names that clients may call it by")
    .addOption(
      new Option(
        "--token <secret>",
        "with --http: what clients send as bearer token; required beyond loopback",
      ).env("HOLDPOINT_MCP_TOKEN"),
    )
    .addOption(
      new Option(
        "--wait-ms <ms>",
        "how long a call waits for the person before it answers PENDING, 0 to 3600000 (default: 45000; most hosts cut it at 60000)",
      )
        .env("HOLDPOINT_MCP_WAIT_MS")
        .argParser(wholeNumber),
    )
    .addOption(
      new Option("--run-id <id>", "the run all calls belong to: the same question asks once").env(
        "HOLDPOINT_MCP_RUN_ID",
      ),
    )
    .option("--no-elicitation", "never ask the client to open the link to a request")
    .addOption(
      new Option("--no-spend", "do not offer the tools to spend with").env(
        "HOLDPOINT_MCP_NO_SPEND",
      ),
    )
    .addOption(
      new Option("--actions", "offer the actions of the gate that the agent may use").env(
        "HOLDPOINT_MCP_ACTIONS",
      ),
    )
    .addHelpText("after", HELP)
    .action((options: Options) => serve(terminal, options));
}

async function serve(terminal: Terminal, options: Options): Promise<void> {
  const { waitMs, runId, elicitation, spend, actions } = options;
  const factory = createHoldpointMcpServer({
    elicitation,
    spend,
    ...(actions && { actions }),
    ...(waitMs !== undefined && { waitMs }),
    ...(runId !== undefined && { runId }),
  });
  const onError = ({ message }: Error) => terminal.note(`holdpoint-mcp: ${message}`);
  if (options.http) return serveHttp(terminal, factory, options, onError);
  return runStdio(factory, { stopped: terminal.stopped, onError });
}

async function serveHttp(
  terminal: Terminal,
  factory: McpServerFactory,
  { host, port, token, allowHost }: Options,
  onError: (error: Error) => void,
): Promise<void> {
  const listener = await listenHttp(factory, {
    onError,
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(token !== undefined && { token }),
    ...(allowHost && { allowedHosts: allowHost }),
  });
  terminal.note(`holdpoint-mcp: listening at ${listener.url}`);
  await waitForStop(terminal);
  await listener.close();
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a whole number.");
}
