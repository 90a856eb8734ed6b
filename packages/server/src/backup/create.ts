import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";
import { copySqliteFile, inspectSqliteFile } from "../store/dialects/sqlite/snapshot.js";
import { BackupError } from "./errors.js";
import {
  BLOB_FOLDER,
  DATABASE_FILE,
  INCOMING_FOLDER,
  type Manifest,
  type ManifestEntry,
  manifestName,
} from "./manifest.js";

export interface BackupOptions {
  /** Holds the database. */
  readonly dataDirectory: string;
  /** Parked states. Default: `blobs` in the data directory; none where there is no such folder. */
  readonly blobDirectory?: string | undefined;
  /** Takes the archive. Ended when it is whole; destroyed when it cannot be. */
  readonly output: Writable;
  /** Milliseconds since the epoch, for the list of contents. */
  readonly now: number;
}

/**
 * Writes a backup of an embedded database, while it is served or not: one tar file with the
 * database as it stood at one moment, parked states, and last a manifest with the SHA-256 of each.
 * An archive that was cut off has no manifest, and is refused.
 *
 * No master key is in it: what is sealed stays sealed until the key is put beside it again.
 *
 * @throws {BackupError} `BACKUP_SOURCE_MISSING`: there is no database. `BACKUP_UNREADABLE`: it is
 *   damaged.
 */
export async function createBackup(options: BackupOptions): Promise<Manifest> {
  const { dataDirectory, output, now } = options;
  const blobDirectory = options.blobDirectory ?? join(dataDirectory, BLOB_FOLDER);
  await requireDatabase(dataDirectory);
  const workshop = join(dataDirectory, `.backup-${randomUUID()}`);
  const copy = join(workshop, DATABASE_FILE);
  await mkdir(workshop, { mode: 0o700 });
  try {
    await copySqliteFile(join(dataDirectory, DATABASE_FILE), copy);
    const facts = await inspectSqliteFile(copy);
    if (facts === undefined) throw unreadable(dataDirectory);
    const archive = pack();
    const written = pipeline(archive, output);
    const filled = fill(archive, { blobDirectory, copy, now, facts });
    filled.catch((error: Error) => archive.destroy(error));
    const [manifest] = await Promise.all([filled, written]);
    return manifest;
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

async function fill(
  archive: Pack,
  parts: {
    readonly blobDirectory: string;
    readonly copy: string;
    readonly now: number;
    readonly facts: { readonly masterKeyIds: readonly string[] };
  },
): Promise<Manifest> {
  const { blobDirectory, copy, now, facts } = parts;
  const entries = [await addFile(archive, DATABASE_FILE, await open(copy))];
  // After the database: a state it knows is there, and one it does not know yet does no harm.
  for (const path of await listBlobs(blobDirectory)) {
    const file = await openIfThere(path);
    const name = [BLOB_FOLDER, ...relative(blobDirectory, path).split(sep)].join("/");
    if (file !== undefined) entries.push(await addFile(archive, name, file));
  }
  const manifest: Manifest = {
    format: "holdpoint-backup",
    version: 1,
    created_at: new Date(now).toISOString(),
    master_key_ids: [...facts.masterKeyIds],
    entries,
  };
  const content = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  archive.entry({ name: manifestName(content), mode: 0o600 }, content);
  archive.finalize();
  return manifest;
}

/** Streams one file into the archive, and closes it. */
async function addFile(archive: Pack, name: string, file: FileHandle): Promise<ManifestEntry> {
  const { size } = await file.stat();
  const hash = createHash("sha256");
  const entry = archive.entry({ name, size, mode: 0o600 });
  const source = file.createReadStream(size === 0 ? {} : { end: size - 1 });
  await pipeline(
    source,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    entry,
  );
  return { name, bytes: size, sha256: hash.digest("hex") };
}

/** Finished blobs, in a fixed order, without those still arriving. */
async function listBlobs(folder: string): Promise<readonly string[]> {
  try {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    return found
      .filter((entry) => entry.isFile() && entry.parentPath !== join(folder, INCOMING_FOLDER))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Retention may delete a blob between the listing and now. */
async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function requireDatabase(dataDirectory: string): Promise<void> {
  try {
    await stat(join(dataDirectory, DATABASE_FILE));
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new BackupError({
      code: "BACKUP_SOURCE_MISSING",
      message: `Expected ${DATABASE_FILE} in ${dataDirectory}, found none.`,
      cause,
    });
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

function unreadable(dataDirectory: string): BackupError {
  return new BackupError({
    code: "BACKUP_UNREADABLE",
    message: `The database in ${dataDirectory} does not pass SQLite's own check, or is none of Holdpoint's. No backup was made: keep the last good one.`,
  });
}
