import type { Envelope, JsonValue } from "@holdpoint/protocol";
import type { Page } from "../store.js";

/** Whose records they are. No other agent sees them. */
export interface RecordOwner {
  readonly projectId: string;
  readonly agentId: string;
}

/** What an agent keeps under a key of its own. */
export interface StoredRecord {
  readonly key: string;
  readonly value: JsonValue | Envelope;
  /** `value` is an envelope. */
  readonly encrypted: boolean;
  readonly updatedAt: number;
}

export type NewRecord = Omit<StoredRecord, "updatedAt"> & {
  /** Leaves an entry that is there as it is. */
  readonly ifAbsent: boolean;
};

/** Keys in the order of their bytes; every bound must hold. */
export interface RecordQuery {
  readonly prefix?: string;
  /** Exclusive. */
  readonly before?: string;
  /** Exclusive. */
  readonly after?: string;
  readonly order: "ascending" | "descending";
  readonly limit: number;
  /** Values of a page as they travel; it ends with the one that reaches it. */
  readonly maxBytes: number;
  readonly cursor?: string;
}

export interface RecordStore {
  /** Puts all entries or none. No key twice. */
  put(owner: RecordOwner, records: readonly NewRecord[], at: number): Promise<void>;
  find(owner: RecordOwner, key: string): Promise<StoredRecord | undefined>;
  list(owner: RecordOwner, query: RecordQuery): Promise<Page<StoredRecord>>;
  remove(owner: RecordOwner, key: string): Promise<void>;
  /** Deletes all that begin with `prefix`; of a batch put at the same moment, all or none. */
  removePrefix(owner: RecordOwner, prefix: string): Promise<void>;
}
