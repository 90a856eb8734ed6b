import { type ParseArgsConfig, parseArgs } from "node:util";
import type { ClaudeGateOptions } from "../options.js";

const OPTIONS = {
  service: { type: "string", default: "claude-code" },
  role: { type: "string" },
  priority: { type: "string" },
  "timeout-ms": { type: "string" },
  help: { type: "boolean", short: "h", default: false },
  version: { type: "boolean", short: "v", default: false },
} as const satisfies ParseArgsConfig["options"];

export const HELP = `Usage: holdpoint-permission-prompt [options]

The MCP server for the permission prompts of the claude command line: they land in the Holdpoint
inbox, and claude waits for the answer. claude starts it by itself, see --mcp-config.

Options:
  --service <name>     what people see as the asking service (default: claude-code)
  --role <name>        only people of this role may decide
  --priority <level>   low, medium, high or critical (default: medium)
  --timeout-ms <ms>    until a question expires, which counts as no (default: 86400000, 24 hours)
  -v, --version        print the version
  -h, --help           print this help

Environment: HOLDPOINT_API_KEY, HOLDPOINT_URL, HOLDPOINT_ENCRYPTION_KEY
`;

export type CommandLine =
  | { readonly command: "help" }
  | { readonly command: "version" }
  | { readonly command: "serve"; readonly options: ClaudeGateOptions };

/** @throws {TypeError} says what is wrong with the line. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS });
  if (values.help) return { command: "help" };
  if (values.version) return { command: "version" };
  const { service, role, priority, "timeout-ms": timeout } = values;
  return {
    command: "serve",
    options: {
      service,
      role,
      ...(priority !== undefined && { priority: readPriority(priority) }),
      ...(timeout !== undefined && { timeoutMs: readTimeout(timeout) }),
    },
  };
}

const PRIORITIES = ["low", "medium", "high", "critical"] as const;

function readPriority(text: string): (typeof PRIORITIES)[number] {
  const priority = PRIORITIES.find((each) => each === text);
  if (priority !== undefined) return priority;
  throw new TypeError("Expected low, medium, high or critical as --priority.");
}

function readTimeout(text: string): number {
  const timeoutMs = Number(text);
  if (/^\d+$/.test(text) && timeoutMs >= 1_000 && timeoutMs <= 2_592_000_000) return timeoutMs;
  throw new TypeError("Expected 1000 to 2592000000 milliseconds as --timeout-ms.");
}
