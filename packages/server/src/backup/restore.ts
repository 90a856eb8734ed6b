import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { type Entry, extract } from "tar-stream";
import { inspectSqliteFile } from "../store/dialects/sqlite/snapshot.js";
import { BackupError, damaged } from "./errors.js";
import {
  DATABASE_FILE,
  isEntryName,
  isManifestName,
  type Manifest,
  type ManifestEntry,
  parseManifest,
} from "./manifest.js";

/** The list of contents of even a very large backup is smaller; anything above is not ours. */
const MAX_MANIFEST_BYTES = 512 * 1024 * 1024;

export interface RestoreOptions {
  /** Must not exist, or be empty. */
  readonly dataDirectory: string;
  /** The archive. */
  readonly input: Readable;
}

/**
 * Restores a backup, whole or not at all: everything is unpacked beside the data folder and checked
 * against the manifest, and then appears in one step. Killed at any moment, it leaves a data folder
 * that is either absent (or empty, as it was) or complete.
 *
 * @throws {BackupError} `RESTORE_TARGET_IN_USE`: the data folder has something in it.
 *   `BACKUP_DAMAGED`: the archive is cut off or changed. Nothing was restored.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Manifest> {
  const { dataDirectory, input } = options;
  await requireEmpty(dataDirectory);
  await mkdir(dirname(dataDirectory), { recursive: true });
  const beside = join(dirname(dataDirectory), `.${basename(dataDirectory)}-${randomUUID()}`);
  await mkdir(beside, { mode: 0o700 });
  try {
    const manifest = await unpack(input, beside);
    const facts = await inspectSqliteFile(join(beside, DATABASE_FILE));
    if (facts === undefined)
      throw damaged("The database in this backup does not pass SQLite's own check.");
    await syncFolder(beside);
    await putInPlace(beside, dataDirectory);
    return manifest;
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    throw error;
  }
}

/** One rename. Refuses a folder that has filled meanwhile. */
async function putInPlace(beside: string, dataDirectory: string): Promise<void> {
  try {
    // Renaming onto a folder, even an empty one, is not possible everywhere.
    await rmdir(dataDirectory).catch(ignoreMissing);
    await rename(beside, dataDirectory);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw ["ENOTEMPTY", "EEXIST"].includes(code) ? inUse(dataDirectory) : error;
  }
  await syncFolder(dirname(dataDirectory));
}

/** Unpacks into a folder and answers the manifest once everything in it is there, and nothing else. */
async function unpack(input: Readable, folder: string): Promise<Manifest> {
  const found = new Map<string, ManifestEntry>();
  let manifest: Manifest | undefined;
  const archive = extract();
  const fed = pipeline(input, archive);
  fed.catch(() => {});
  try {
    for await (const entry of archive) {
      const { name, type, size = 0 } = entry.header;
      if (manifest !== undefined || type !== "file") throw damaged(`Did not expect ${name} there.`);
      if (isManifestName(name)) {
        if (size > MAX_MANIFEST_BYTES) throw damaged("The list of contents is too large.");
        manifest = parseManifest(name, await buffer(entry));
        assertSame(manifest.entries, found);
      } else {
        if (found.has(name)) throw damaged(`${name} is there twice.`);
        found.set(name, await writeEntry(entry, folder));
      }
    }
    await fed;
  } catch (error) {
    input.destroy();
    throw error instanceof BackupError || isSystemError(error)
      ? error
      : damaged("The archive cannot be read.", error);
  }
  if (manifest === undefined) throw damaged("The archive ends before its list of contents.");
  return manifest;
}

/** Writes one entry to its place and to disk. Only names a backup can have lead anywhere. */
async function writeEntry(entry: Entry, folder: string): Promise<ManifestEntry> {
  const { name } = entry.header;
  if (!isEntryName(name)) {
    throw damaged("The archive has an entry under a name that no backup gives.");
  }
  const path = join(folder, ...name.split("/"));
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, "wx", 0o600);
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    for await (const chunk of entry as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { name, bytes, sha256: hash.digest("hex") };
}

function assertSame(
  expected: readonly ManifestEntry[],
  found: ReadonlyMap<string, ManifestEntry>,
): void {
  for (const { name, bytes, sha256 } of expected) {
    const entry = found.get(name);
    if (entry === undefined) throw damaged(`${name} is missing from the archive.`);
    if (entry.bytes !== bytes || entry.sha256 !== sha256) {
      throw damaged(`${name} does not match its digest.`);
    }
  }
  const isWhole = found.size === expected.length && found.has(DATABASE_FILE);
  if (!isWhole) throw damaged("The archive does not hold what it lists.");
}

async function requireEmpty(dataDirectory: string): Promise<void> {
  const names = await readdir(dataDirectory).catch(ignoreMissing);
  if (names !== undefined && names.length > 0) throw inUse(dataDirectory);
}

function inUse(dataDirectory: string): BackupError {
  return new BackupError({
    code: "RESTORE_TARGET_IN_USE",
    message: `Expected ${dataDirectory} to be absent or empty. A restore overwrites nothing.`,
  });
}

/** Makes the names in a folder durable, where the system can. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
  throw error;
}

/** A disk that is full or a file that cannot be read: not the archive's fault. */
function isSystemError(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).syscall === "string";
}
