import type { RequestEventType } from "@holdpoint/protocol";

/** Something that was committed, by this control plane or another on the same database. */
export type Change =
  | {
      readonly kind: "event";
      readonly projectId: string;
      readonly requestId: string;
      readonly type: RequestEventType;
      /** When a worker has to act on it, in milliseconds since the epoch: an expiry, a lease's end. */
      readonly dueAt: number | undefined;
    }
  /** A credential may have lost its power. */
  | { readonly kind: "credentials" };

export interface ChangeSink {
  /** In the order of commits. */
  change(change: Change): void;
  /** The connection is gone; what is committed from now on goes unheard. Called once. */
  ended(): void;
}

/** Changes of all control planes on one database. */
export interface ChangeFeed {
  /**
   * Connects; every change committed after is told.
   *
   * @throws {StoreError} `STORE_UNAVAILABLE`: try again. `DATABASE_UNSUITABLE`: something in between
   *   keeps announcements back.
   */
  open(sink: ChangeSink): Promise<OpenFeed>;
}

export interface OpenFeed {
  /** Announces something to itself, and rejects when it does not hear it. */
  check(): Promise<void>;
  close(): Promise<void>;
}
