/** Why the store refuses. */
export type StoreErrorCode =
  | "CURSOR_INVALID"
  | "DATABASE_REFUSED"
  | "DATABASE_UNREACHABLE"
  | "DATABASE_UNSUITABLE"
  | "MASTER_KEY_INVALID"
  | "MASTER_KEY_WRONG"
  | "SEALED_DATA_UNREADABLE"
  | "STORE_CLOSED"
  | "STORE_IN_USE"
  | "STORE_UNAVAILABLE";

/** A failure of the store that a caller can name. What the database driver throws stays as it is. */
export class StoreError extends Error {
  override readonly name: string = "StoreError";
  readonly code: StoreErrorCode;

  constructor(options: { code: StoreErrorCode; message: string; cause?: unknown }) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
  }
}

/** The caller sent a cursor that no page of this list has given. */
export class InvalidCursorError extends StoreError {
  override readonly name = "InvalidCursorError";

  constructor() {
    super({
      code: "CURSOR_INVALID",
      message:
        "Expected the next_cursor of an earlier page in the same order. Leave the cursor out to start again.",
    });
  }
}

/** The master keys at hand are malformed, or not those this database was written with. */
export class MasterKeyError extends StoreError {
  override readonly name = "MasterKeyError";
}
