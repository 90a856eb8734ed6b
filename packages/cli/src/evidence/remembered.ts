import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { NoteKey } from "@holdpoint/protocol/receipt";
import type { Terminal } from "../terminal.js";

/** Checkpoints that were seen before, by the log's keys: what a log has once signed it must keep. */
export interface RememberedCheckpoint {
  readonly file: string;
  readonly note: string | undefined;
}

/** Looks for the last checkpoint of this log; `undefined` where nothing can be remembered. */
export async function findRemembered(
  { env }: Terminal,
  keys: readonly NoteKey[],
): Promise<RememberedCheckpoint | undefined> {
  const folder = stateFolder(env);
  const [name] = keys.map((key) => key.name);
  if (folder === undefined || name === undefined) return undefined;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 32);
  const file = join(folder, "holdpoint", "checkpoints", digest);
  const note = await readFile(file, "utf8").catch(() => undefined);
  return { file, note };
}

export async function remember({ file }: RememberedCheckpoint, note: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, note);
}

/** @see https://specifications.freedesktop.org/basedir-spec (XDG_STATE_HOME) */
function stateFolder(env: Terminal["env"]): string | undefined {
  const home = env.HOME || env.USERPROFILE;
  return env.XDG_STATE_HOME || env.LOCALAPPDATA || (home && join(home, ".local", "state"));
}
