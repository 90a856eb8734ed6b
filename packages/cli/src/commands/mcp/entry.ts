import { API_KEY_PREFIX } from "@holdpoint/protocol";
import { findConnection } from "../../api/connection.js";
import type { Terminal } from "../../terminal.js";
import { wrongUsage } from "../options.js";
import type { Target } from "./target.js";

/** What a client's configuration says of one server. */
export interface Entry {
  readonly type?: "stdio";
  readonly command: string;
  readonly args: readonly string[];
  readonly env: { readonly HOLDPOINT_URL: string; readonly HOLDPOINT_API_KEY: string };
}

export interface EntryOptions {
  readonly url?: string;
  readonly data?: string;
  readonly apiKey?: string;
}

const PACKAGE = "@holdpoint/mcp";
const HIDDEN = "(hidden)";

/**
 * The entry that starts our server for this client.
 *
 * @throws {CommandFailure} `usage` without a key where one is stored, with one where none is, and
 *   for anything that is no agent's key: an operator's token would let the agent decide for itself.
 */
export async function describeEntry(
  terminal: Terminal,
  target: Target,
  options: EntryOptions,
): Promise<Entry> {
  const connection = await findConnection(terminal, options);
  const key =
    target.key.kind === "stored"
      ? checkKey(options.apiKey ?? connection.apiKey)
      : refuseKey(target, target.key.reference, options.apiKey);
  return {
    ...(target.client.typed && { type: "stdio" as const }),
    ...launcher(process.platform),
    env: { HOLDPOINT_URL: connection.url, HOLDPOINT_API_KEY: key },
  };
}

/** The same entry as it may be shown. */
export function hideKey(entry: Entry, { key }: Target): Entry {
  if (key.kind !== "stored") return entry;
  return { ...entry, env: { ...entry.env, HOLDPOINT_API_KEY: HIDDEN } };
}

/** Whether an entry starts our server, however it does. */
export function isOurs(entry: unknown): boolean {
  const { args } = Object(entry) as { args?: unknown };
  return Array.isArray(args) && args.some((arg) => new RegExp(`^${PACKAGE}(@|$)`).test(arg));
}

/** On Windows `npx` is a script, which only a command interpreter starts. */
function launcher(platform: NodeJS.Platform): Pick<Entry, "command" | "args"> {
  const args = ["-y", PACKAGE];
  return platform === "win32"
    ? { command: "cmd", args: ["/c", "npx", ...args] }
    : { command: "npx", args };
}

function checkKey(apiKey: string | undefined): string {
  if (apiKey?.startsWith(API_KEY_PREFIX)) return apiKey;
  const got = apiKey ? "something else" : "none";
  throw wrongUsage(
    `Expected an agent's API key (${API_KEY_PREFIX}…) in HOLDPOINT_API_KEY, got ${got}.`,
    "holdpoint keys create --agent <name>, then set HOLDPOINT_API_KEY",
  );
}

function refuseKey({ client, path }: Target, reference: string, apiKey?: string): string {
  if (apiKey === undefined) return reference;
  throw wrongUsage(
    `No key is written into ${path}: ${client.title} puts one in place of ${reference}.`,
    "leave --api-key out",
  );
}
