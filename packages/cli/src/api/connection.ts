import { type Credentials, loadCredentials } from "../data/credentials.js";
import { dataDirectory } from "../data/directory.js";
import { CommandFailure } from "../failure.js";
import type { Terminal } from "../terminal.js";

const DEFAULT_URL = "http://localhost:4747";

export interface ConnectionOptions {
  readonly url?: string;
  readonly data?: string;
}

/** Which control plane to talk to, and as whom. */
export interface Connection {
  readonly url: string;
  readonly operatorToken?: string;
  readonly apiKey?: string;
}

/**
 * Takes the address from `--url`, `HOLDPOINT_URL` or the credentials that `holdpoint dev` left, and
 * the credentials from the environment or that same file. Those of the file go nowhere but to the
 * address they were made for.
 */
export async function findConnection(
  terminal: Terminal,
  options: ConnectionOptions,
): Promise<Connection> {
  const { HOLDPOINT_URL, HOLDPOINT_OPERATOR_TOKEN, HOLDPOINT_API_KEY } = terminal.env;
  const local = await loadCredentials(dataDirectory(terminal.directory, options.data).credentials);
  const url = parseAddress(options.url ?? (HOLDPOINT_URL || (local?.url ?? DEFAULT_URL)));
  const own: Partial<Credentials> = local && parseAddress(local.url) === url ? local : {};
  const operatorToken = HOLDPOINT_OPERATOR_TOKEN || own.operatorToken;
  const apiKey = HOLDPOINT_API_KEY || own.apiKey;
  return { url, ...(operatorToken && { operatorToken }), ...(apiKey && { apiKey }) };
}

function parseAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const usable =
    url !== undefined &&
    ["http:", "https:"].includes(url.protocol) &&
    url.username === "" &&
    url.password === "";
  if (usable) return url.href.replace(/\/+$/, "");
  throw new CommandFailure({
    reason: "usage",
    message:
      "Expected the control plane's address as http:// or https:// without user name or password.",
    next: `set HOLDPOINT_URL, for example: export HOLDPOINT_URL=${DEFAULT_URL}`,
  });
}
