import { createHash } from "node:crypto";
import { z } from "zod";
import { damaged } from "./errors.js";

export const DATABASE_FILE = "holdpoint.db";
/** In an archive, and beside the database unless states are parked elsewhere. */
export const BLOB_FOLDER = "blobs";
/** Within it: what is not whole yet. */
export const INCOMING_FOLDER = "incoming";

/** Relative, with `/`: the database, or a file below the blob folder. Leads nowhere else. */
const ENTRY_NAME = /^(holdpoint\.db|blobs(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+)$/;

const entrySchema = z.strictObject({
  name: z.string().regex(ENTRY_NAME),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ManifestEntry = z.infer<typeof entrySchema>;

const manifestSchema = z.strictObject({
  format: z.literal("holdpoint-backup"),
  version: z.literal(1),
  created_at: z.iso.datetime(),
  /** The master keys that seal what is in the database. They are not in the archive. */
  master_key_ids: z.array(z.string().regex(/^[0-9a-f]{16}$/)),
  entries: z.array(entrySchema),
});

/** What an archive holds, with the digest of each file. It is the archive's last entry. */
export type Manifest = z.infer<typeof manifestSchema>;

/** The entry's name carries the digest of its content, so that neither can change alone. */
export function manifestName(content: Buffer): string {
  return `manifest-${createHash("sha256").update(content).digest("hex")}.json`;
}

export function isEntryName(name: string): boolean {
  return ENTRY_NAME.test(name);
}

export function isManifestName(name: string): boolean {
  return /^manifest-[0-9a-f]{64}\.json$/.test(name);
}

/** @throws {BackupError} `BACKUP_DAMAGED` */
export function parseManifest(name: string, content: Buffer): Manifest {
  if (manifestName(content) !== name)
    throw damaged("The list of contents does not match its digest.");
  try {
    return manifestSchema.parse(JSON.parse(content.toString("utf8")));
  } catch (cause) {
    throw damaged("Expected the list of contents of a backup that this version can read.", cause);
  }
}
