import { CommandFailure } from "../failure.js";

/** What `backup` and `restore` say of an archive. */
export interface Backup {
  readonly createdAt: string;
  readonly databaseBytes: number;
  readonly blobs: number;
  readonly blobBytes: number;
  /** The master keys that open what is sealed. */
  readonly masterKeyIds: readonly string[];
}

export function toBackup(manifest: {
  readonly created_at: string;
  readonly master_key_ids: readonly string[];
  readonly entries: readonly { readonly name: string; readonly bytes: number }[];
}): Backup {
  const [database, ...blobs] = manifest.entries;
  return {
    createdAt: manifest.created_at,
    databaseBytes: database?.bytes ?? 0,
    blobs: blobs.length,
    blobBytes: blobs.reduce((sum, { bytes }) => sum + bytes, 0),
    masterKeyIds: manifest.master_key_ids,
  };
}

export function describeContents({ databaseBytes, blobs, blobBytes }: Backup): string {
  const database = `a database of ${describeBytes(databaseBytes)}`;
  if (blobs === 0) return `${database}, no parked states`;
  return `${database}, ${blobs} parked ${blobs === 1 ? "state" : "states"} of ${describeBytes(blobBytes)}`;
}

function describeBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return `${(bytes / 1_000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

const REASONS = {
  BACKUP_SOURCE_MISSING: { reason: "notFound", next: "holdpoint backup <file> --data <dir>" },
  BACKUP_UNREADABLE: { reason: "failed", next: "holdpoint doctor" },
  BACKUP_DAMAGED: { reason: "failed", next: "holdpoint restore <another backup>" },
  RESTORE_TARGET_IN_USE: { reason: "conflict", next: "holdpoint restore <file> --data <new dir>" },
} as const;

/** What went wrong, with how the command ends. */
export function backupFailure(error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string };
  if (code === undefined || !Object.hasOwn(REASONS, code)) return error;
  return new CommandFailure({
    ...REASONS[code as keyof typeof REASONS],
    message,
    code,
    cause: error,
  });
}
