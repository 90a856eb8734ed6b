import type { JsonValue } from "@holdpoint/protocol";
import type { CallOptions } from "../requests/options.js";

/** One entry to put. */
export interface RecordEntry {
  /** 1 … 1,024 printable characters, for example `thread-7/checkpoint/0042`. */
  readonly key: string;
  /** Plain JSON, up to 512 KiB and 64 levels deep. */
  readonly value: JsonValue;
  /** Leaves an entry that is there as it is. Default false: it is replaced. */
  readonly ifAbsent?: boolean;
}

/** A record as it is found in a list. */
export interface ListedRecord<Value = JsonValue> {
  readonly key: string;
  readonly value: Value;
  /** UTC, by the server's clock. */
  readonly updatedAt: string;
}

/** What to list. All bounds must hold. */
export interface ListRecordsOptions extends CallOptions {
  /** Only keys that begin so. Default: all keys. */
  readonly prefix?: string;
  /** Keys in the order of their Unicode code points (default), or the other way round. */
  readonly order?: "ascending" | "descending";
  /** Only keys that come before this one in `ascending` order, itself left out. */
  readonly before?: string;
  /** Only keys that come after this one in `ascending` order, itself left out. */
  readonly after?: string;
  /** Integer, 1 … 100. Default 50. A page ends early once its values pass about 1 MiB. */
  readonly limit?: number;
  /** `nextCursor` of the page before, with the same `prefix`, `order`, `before` and `after`. */
  readonly cursor?: string;
}

export interface RecordPage<Value = JsonValue> {
  readonly data: readonly ListedRecord<Value>[];
  /** Pass as `cursor` for the next page; `null` at the end. */
  readonly nextCursor: string | null;
}

/** One record, or all whose keys begin with a prefix. Exactly one of the two; neither empty. */
export type DeleteRecordsOptions = CallOptions &
  (
    | { readonly key: string; readonly prefix?: never }
    | { readonly prefix: string; readonly key?: never }
  );

/**
 * What an agent keeps under names of its own, in the order of their Unicode code points, until it
 * deletes them. Only this agent sees them; operators do not.
 */
export interface Records {
  /**
   * Puts up to 100 entries in one transaction: all of them or none. Putting the same again changes
   * nothing but `updatedAt`, so a failed call can be made again. A key may occur once.
   *
   * @throws {ValidationError} `VALIDATION_FAILED`: a key or value is not usable. `BODY_TOO_LARGE`:
   *   together more than 1 MiB; put less at once.
   * @throws {EncryptionError} `ENCRYPTION_FAILED`: nothing was sent.
   * @throws {ConnectionError} {@link UnavailableError} after all retries.
   * @throws `signal.reason`, unchanged, when aborted.
   */
  put(entries: readonly RecordEntry[], options?: CallOptions): Promise<void>;
  /**
   * The value under a key; `undefined` where there is none.
   *
   * @throws {DecryptionError} `DECRYPTION_FAILED`, `DECRYPTION_KEY_MISSING`, `PLAINTEXT_REFUSED`: it
   *   does not open here, or is not what was put under this key. Use nothing of it.
   */
  get<Value = JsonValue>(key: string, options?: CallOptions): Promise<Value | undefined>;
  /**
   * One page of records, by key.
   *
   * @throws {DecryptionError} One of them does not open: use nothing of the page.
   */
  list<Value = JsonValue>(options?: ListRecordsOptions): Promise<RecordPage<Value>>;
  /** Deletes one record, or all with a prefix, at once. Deleting what is not there is no error. */
  delete(options: DeleteRecordsOptions): Promise<void>;
}
