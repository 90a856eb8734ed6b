import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { PassThrough, type Writable } from "node:stream";
import { Command } from "commander";
import { storedData } from "../data/stored.js";
import { CommandFailure } from "../failure.js";
import { type AnswerOptions, printAnswer } from "../output/answer.js";
import { type Backup, backupFailure, describeContents, toBackup } from "../output/backup.js";
import type { Terminal } from "../terminal.js";
import { withJson } from "./options.js";

interface Options extends AnswerOptions {
  readonly data?: string;
}

export function backupCommand(terminal: Terminal): Command {
  return withJson(new Command("backup"))
    .description("Write everything the control plane keeps into one file, while it runs.")
    .argument("<file>", "file to make, or - for standard output")
    .option("--data <dir>", "data folder (default: HOLDPOINT_DATA_DIR, or that of `dev`)")
    .addHelpText(
      "after",
      `
The file is a tar archive: the database as it stood at one moment, parked states, and a list with
the SHA-256 of each. No master key is in it. Keep that apart: whoever has both can read everything,
and whoever has lost it can read nothing.

Examples:
  holdpoint backup holdpoint-$(date +%F).tar
  holdpoint backup - | ssh backup@example.com 'cat > holdpoint.tar'`,
    )
    .action((file: string, options: Options) => backup(terminal, file, options));
}

async function backup(terminal: Terminal, file: string, options: Options): Promise<void> {
  const dataDirectory = storedData(terminal, options.data);
  const blobDirectory = terminal.env.HOLDPOINT_BLOB_DIR?.trim() || undefined;
  if (terminal.env.HOLDPOINT_S3_BUCKET?.trim()) {
    terminal.note("States parked in HOLDPOINT_S3_BUCKET are not in this backup: keep the bucket.");
  }
  const { createBackup } = await import("@holdpoint/server");
  const write = (output: Writable) =>
    createBackup({ dataDirectory, blobDirectory, output, now: Date.now() }).catch(
      (error: unknown) => {
        throw backupFailure(error);
      },
    );
  if (file === "-") {
    const archive = new PassThrough();
    // Standard output stays open: it is not ours to end.
    archive.pipe(terminal.screen, { end: false });
    terminal.note(describe(toBackup(await write(archive)), "standard output"));
    return;
  }
  const path = resolve(terminal.directory, file);
  const made = toBackup(await writeFile(path, write));
  printAnswer(terminal, options, { file: path, ...made }, () => describe(made, path));
}

/** Makes the file under its name only once it is whole and on disk, readable by its owner alone. */
async function writeFile<Result>(
  path: string,
  write: (output: Writable) => Promise<Result>,
): Promise<Result> {
  if (await stat(path).catch(() => undefined)) {
    throw new CommandFailure({
      reason: "conflict",
      message: `${path} exists already. A backup overwrites nothing.`,
      next: "holdpoint backup <another file>",
    });
  }
  const draft = `${path}.${randomUUID()}.partial`;
  try {
    const result = await write(createWriteStream(draft, { flags: "wx", mode: 0o600, flush: true }));
    await rename(draft, path);
    await syncFolder(dirname(path));
    return result;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Makes the new name durable, where the system can. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function describe(made: Backup, place: string): string {
  const keys = made.masterKeyIds.join(", ");
  return `Backed up to ${place}: ${describeContents(made)}.
The master key is not in it (${keys}). Keep it somewhere else: without it nothing sealed can be read.`;
}
