import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { chmod, lstat, mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CommandFailure } from "../../failure.js";
import type { Change, Edited } from "./document.js";

export interface ChangeFileOptions {
  /** The new text for the old one; empty for a file that does not exist. */
  readonly edit: (text: string) => Edited;
  /** The new text holds a secret, so nobody but the owner may read the file. */
  readonly secret: boolean;
  readonly dryRun: boolean;
}

export interface ChangedFile {
  /** Where it really is: symbolic links are followed and stay. */
  readonly path: string;
  readonly change: Change;
  /** The file as it was, beside it; `null` when there was none or nothing was written. */
  readonly backup: string | null;
}

/** How long another change of the same file is waited for. One takes milliseconds. */
const PATIENCE_MS = 5_000;
const POLL_MS = 20;

/**
 * Changes a file whole or not at all. The draft is made under one fixed name that only one process
 * can take, as git does with `index.lock`, so two changes at once follow each other; a client that
 * wrote in between is noticed before the draft takes the file's place.
 *
 * @throws {CommandFailure} `conflict` when somebody else changes the file, `usage` when it is
 *   no text; whatever `edit` throws. The file is then as it was.
 */
export async function changeFile(path: string, options: ChangeFileOptions): Promise<ChangedFile> {
  const real = await followLinks(path);
  if (options.dryRun) {
    const { change } = options.edit(decode((await read(real)) ?? Buffer.of(), real));
    return { path: real, change, backup: null };
  }
  await mkdir(dirname(real), { recursive: true });
  const draft = `${real}.holdpoint-draft`;
  await takeDraft(draft);
  try {
    return await replace(real, draft, options);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Ends with the draft in the file's place, or gone: from then on its name may be another's. */
async function replace(
  path: string,
  draft: string,
  { edit, secret }: ChangeFileOptions,
): Promise<ChangedFile> {
  const before = await read(path);
  const { text, change } = edit(decode(before ?? Buffer.of(), path));
  if (change === "unchanged") {
    await rm(draft);
    return { path, change, backup: null };
  }
  const backup = before === undefined ? null : await keep(path, before);
  await fill(draft, text, await modeOf(path, secret));
  await expectUntouched(path, before);
  await rename(draft, path);
  return { path, change, backup };
}

/** A link to a file that does not exist yet leads where it cannot be told apart from a mistake. */
async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw notUsable(path, cause);
    const link = await lstat(path).catch(() => undefined);
    if (link?.isSymbolicLink()) throw notUsable(path, cause);
    return path;
  }
}

async function read(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw notUsable(path, cause);
  }
}

/** Without the byte order mark that some editors write. */
function decode(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw notUsable(path, cause);
  }
}

/** Takes the draft's name, once nobody else has it. */
async function takeDraft(draft: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await (await open(draft, "wx", 0o600)).close();
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw notUsable(draft, cause);
      if (performance.now() > deadline) throw locked(draft, cause);
      await delay(POLL_MS);
    }
  }
}

/** The whole file under a name of its own, readable by its owner alone: it may hold secrets. */
async function keep(path: string, bytes: Buffer): Promise<string> {
  const time = new Date().toISOString().replaceAll(":", "-");
  // Two changes may follow each other within a millisecond.
  const backup = `${path}.${time}-${randomUUID().slice(0, 4)}.bak`;
  await write(backup, bytes, constants.O_CREAT | constants.O_EXCL);
  return backup;
}

async function fill(draft: string, text: string, mode: number): Promise<void> {
  await write(draft, text, constants.O_TRUNC);
  await chmod(draft, mode);
}

async function write(path: string, content: Buffer | string, flags: number): Promise<void> {
  await using file = await open(path, constants.O_WRONLY | flags, 0o600);
  await file.writeFile(content);
  await file.sync();
}

async function modeOf(path: string, secret: boolean): Promise<number> {
  const present = await stat(path).catch(() => undefined);
  const mode = (present?.mode ?? 0o644) & 0o777;
  return secret ? mode & 0o700 : mode;
}

async function expectUntouched(path: string, before: Buffer | undefined): Promise<void> {
  const now = await read(path);
  const same = now === undefined ? before === undefined : before?.equals(now);
  if (same) return;
  throw new CommandFailure({
    reason: "conflict",
    message: `${path} changed while it was being changed. It was left alone.`,
    code: "CONFIG_CHANGED",
    next: "close the client and run the same command again",
  });
}

function locked(draft: string, cause: unknown): CommandFailure {
  return new CommandFailure({
    reason: "conflict",
    message: `${draft} exists: another command is changing the file, or one was killed.`,
    code: "CONFIG_LOCKED",
    next: "if none is running, delete that file and run the same command again",
    cause,
  });
}

function notUsable(path: string, cause: unknown): CommandFailure {
  const { code } = Object(cause) as { code?: unknown };
  return new CommandFailure({
    reason: "usage",
    message: `Cannot use ${path}${typeof code === "string" ? ` (${code})` : ""}: expected a file of UTF-8 text, or none. It was left alone.`,
    next: "name another file with --config",
    cause,
  });
}
