import { importTrustedKeys, type TrustedKeys } from "@holdpoint/protocol/receipt";
import { CommandFailure } from "../failure.js";
import type { Terminal } from "../terminal.js";
import { fetchResource, isUrl } from "./fetch.js";
import { parseJson, readText } from "./file.js";

const KEYS_PATH = "/.well-known/jwks.json";

/** The keys that a verification rests on, and where they came from. */
export interface LoadedKeys {
  readonly keys: TrustedKeys;
  readonly origin: string;
}

/**
 * Reads the keys to trust from a file, from a URL, or from the control plane of a URL.
 *
 * @throws {CommandFailure} `usage` when there are none: evidence that brings its own keys proves
 *   nothing.
 */
export async function loadTrustedKeys(
  terminal: Terminal,
  given: string | undefined,
): Promise<LoadedKeys> {
  if (given === undefined) throw keysRequired();
  const origin = isUrl(given) ? keysUrl(given) : given;
  const text = isUrl(origin) ? await fetchText(terminal, origin) : await readText(terminal, origin);
  try {
    return { keys: await importTrustedKeys(parseJson(text, origin)), origin };
  } catch (cause) {
    if (cause instanceof CommandFailure) throw cause;
    throw new CommandFailure({
      reason: "usage",
      message: `${origin} holds no keys to verify with. ${(cause as Error).message}`,
      next: `curl -o keys.json https://<control plane>${KEYS_PATH}`,
      cause,
    });
  }
}

/** The address of a control plane, or of its log or a receipt of it, stands for its keys. */
export function keysUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  if (pathname.endsWith(".json")) return url;
  return `${origin}${pathname.replace(/\/(v1\/.*)?$/, "")}${KEYS_PATH}`;
}

async function fetchText(terminal: Terminal, url: string): Promise<string> {
  const bytes = await fetchResource(terminal, url);
  if (bytes !== undefined) return new TextDecoder().decode(bytes);
  throw new CommandFailure({
    reason: "notFound",
    message: `There are no keys at ${url}.`,
    next: "give --keys the address of a control plane, or a file",
  });
}

function keysRequired(): CommandFailure {
  return new CommandFailure({
    reason: "usage",
    message:
      "Say whose keys you trust with --keys. A file that brings its own keys proves nothing: whoever forges one brings the keys that fit.",
    next: `curl -o keys.json https://<control plane>${KEYS_PATH}   (once, from the control plane itself; then add --keys keys.json)`,
  });
}
