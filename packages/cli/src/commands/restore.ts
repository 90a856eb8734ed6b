import { open } from "node:fs/promises";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
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

export function restoreCommand(terminal: Terminal): Command {
  return withJson(new Command("restore"))
    .description("Put a backup into an empty data folder: whole, or not at all.")
    .argument("<file>", "file that `holdpoint backup` made, or - for standard input")
    .option(
      "--data <dir>",
      "folder to restore into (default: HOLDPOINT_DATA_DIR, or that of `dev`)",
    )
    .addHelpText(
      "after",
      `
Everything is unpacked beside the folder and checked against its SHA-256 before it appears there. A
folder with anything in it is refused. Then it says which master key the data needs.

Example:
  holdpoint restore holdpoint-2026-11-23.tar --data /var/lib/holdpoint`,
    )
    .action((file: string, options: Options) => restore(terminal, file, options));
}

async function restore(terminal: Terminal, file: string, options: Options): Promise<void> {
  const dataDirectory = storedData(terminal, options.data);
  const { restoreBackup } = await import("@holdpoint/server");
  const input = file === "-" ? terminal.input : await openFile(terminal, file);
  const stop = () => input.destroy();
  terminal.stopped.addEventListener("abort", stop, { once: true });
  try {
    const restored = toBackup(await restoreBackup({ dataDirectory, input }));
    const answer = {
      dataDir: dataDirectory,
      ...restored,
      ...(await compareKeys(terminal, restored)),
    };
    printAnswer(terminal, options, answer, describe);
    const elsewhere = terminal.env.HOLDPOINT_BLOB_DIR?.trim();
    if (elsewhere && restored.blobs > 0) {
      terminal.note(`Move the parked states from ${dataDirectory}/blobs to ${elsewhere}.`);
    }
  } catch (error) {
    throw terminal.stopped.aborted ? interrupted(error) : backupFailure(error);
  } finally {
    terminal.stopped.removeEventListener("abort", stop);
  }
}

/** Opens it before anything else is done, so that a wrong name is told at once. */
async function openFile(terminal: Terminal, file: string): Promise<Readable> {
  return (await open(resolve(terminal.directory, file))).createReadStream();
}

function interrupted(cause: unknown): CommandFailure {
  const message = "Stopped before it was done. Nothing was restored.";
  return new CommandFailure({ reason: "interrupted", message, cause });
}

interface Keys {
  /** Of those the data needs, the ones that are not in the environment. */
  readonly missingKeyIds: readonly string[];
}

async function compareKeys({ env }: Terminal, { masterKeyIds }: Backup): Promise<Keys> {
  const { masterKeyIdOf } = await import("@holdpoint/server");
  const texts = [
    env.HOLDPOINT_MASTER_KEY,
    ...(env.HOLDPOINT_PREVIOUS_MASTER_KEYS ?? "").split(","),
  ];
  const present = texts.flatMap((text) => (text?.trim() ? [masterKeyIdOf(text.trim())] : []));
  return { missingKeyIds: masterKeyIds.filter((id) => !present.includes(id)) };
}

function describe(restored: Backup & Keys & { readonly dataDir: string }): string {
  const { dataDir, masterKeyIds, missingKeyIds } = restored;
  const done = `Restored to ${dataDir}: ${describeContents(restored)}, as of ${restored.createdAt}.`;
  if (missingKeyIds.length === 0) return `${done}\nHOLDPOINT_MASTER_KEY is the key it needs.`;
  return `${done}
It needs the master key ${masterKeyIds.join(", ")}. Not in this environment: ${missingKeyIds.join(", ")}.
Set HOLDPOINT_MASTER_KEY to the newest of them and HOLDPOINT_PREVIOUS_MASTER_KEYS to the others, or put the key into ${dataDir}/master.key for \`holdpoint dev\`.`;
}
