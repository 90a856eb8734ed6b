import { unreachable } from "../api/client.js";
import { CommandFailure } from "../failure.js";
import type { Terminal } from "../terminal.js";

/** Milliseconds one resource may take. */
const TIMEOUT_MS = 30_000;

export function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

/**
 * Reads one resource, or nothing where it is not there.
 *
 * @param bearer - A credential, given only for the control plane it belongs to.
 * @throws {CommandFailure} `unreachable`, `refused` or `interrupted`.
 */
export async function fetchResource(
  terminal: Terminal,
  url: string,
  bearer?: string,
): Promise<Uint8Array | undefined> {
  const { stopped } = terminal;
  try {
    const response = await fetch(url, {
      redirect: "error",
      headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
      signal: AbortSignal.any([stopped, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (response.status === 404) return undefined;
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    throw refused(url, response.status);
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    if (stopped.aborted) throw new CommandFailure({ reason: "interrupted", message: "Stopped." });
    throw unreachable(new URL(url).origin, error);
  }
}

function refused(url: string, status: number): CommandFailure {
  const { origin, pathname } = new URL(url);
  return new CommandFailure({
    reason: status === 401 || status === 403 ? "refused" : "unreachable",
    message: `Expected ${origin}${pathname}, got HTTP ${status}.`,
    next: "open the address in a browser, or: holdpoint doctor",
  });
}
