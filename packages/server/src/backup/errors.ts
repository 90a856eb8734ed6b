/** Why a backup or a restore is refused. */
export type BackupErrorCode =
  | "BACKUP_SOURCE_MISSING"
  | "BACKUP_UNREADABLE"
  | "BACKUP_DAMAGED"
  | "RESTORE_TARGET_IN_USE";

/** A backup cannot be made, or must not be restored. Nothing was changed. */
export class BackupError extends Error {
  override readonly name = "BackupError" as const;
  readonly code: BackupErrorCode;

  constructor(options: { code: BackupErrorCode; message: string; cause?: unknown }) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
  }
}

/** The archive is not what was written: cut off, changed, or something else altogether. */
export function damaged(what: string, cause?: unknown): BackupError {
  return new BackupError({
    code: "BACKUP_DAMAGED",
    message: `${what} Nothing was restored. Use another backup.`,
    cause,
  });
}
