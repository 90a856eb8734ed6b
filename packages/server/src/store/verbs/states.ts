import type { Envelope } from "@holdpoint/protocol";

/** An agent's parked memory: where its encrypted bytes are known by, never the bytes. */
export interface State {
  readonly id: string;
  readonly projectId: string;
  readonly agentId: string;
  readonly createdAt: number;
  /** Bytes as uploaded. */
  readonly sizeBytes?: number;
  readonly uploadedAt?: number;
  /** Since when it is not there any more; its bytes may take a moment longer. */
  readonly deletedAt?: number;
  /** 32 bytes as base64url, or that encrypted by the client. Absent once deleted. */
  readonly key?: string | Envelope;
}

/** `digest` recognises the same creation sent twice. */
export type NewState = Pick<State, "id" | "projectId" | "agentId" | "createdAt"> & {
  readonly key: string | Envelope;
  readonly digest: string;
};

/** A state's name among the blobs. */
export type StateName = Pick<State, "id" | "projectId">;

export interface StateStore {
  /** Makes a state, once per id. `conflict`: the id is taken by anything else. */
  create(
    state: NewState,
  ): Promise<
    | { readonly outcome: "created" | "replayed"; readonly state: State }
    | { readonly outcome: "conflict" }
  >;
  find(projectId: string, stateId: string): Promise<State | undefined>;
  /**
   * Notes that its bytes are there for good. `false`: they were noted before, or the state is gone.
   */
  markUploaded(
    name: StateName,
    upload: { readonly sizeBytes: number; readonly at: number },
  ): Promise<boolean>;
}

/** Since when things may go. Absent: they stay. */
export interface RetentionCutoffs {
  readonly now: number;
  /** Made before it, and never named by a request. */
  readonly abandonedBefore: number;
  /** Every request that names it was resolved before, and what ran under it settled. */
  readonly statesBefore?: number;
  readonly contentsBefore?: number;
}

/**
 * Takes away, of all projects, what has had its time; digests, statuses and receipts stay. What a
 * request says is kept while it may still run: until its execution is settled, or its grant over.
 */
export interface RetentionStore {
  /** Deletes the contents of up to `limit` requests; how many it was. */
  deleteContents(cutoffs: RetentionCutoffs, limit: number): Promise<number>;
  /** Marks up to `limit` states: from then on they are gone. How many it was. */
  markStates(cutoffs: RetentionCutoffs, limit: number): Promise<number>;
  /** States marked whose bytes are yet to be deleted, longest marked first. */
  listMarked(limit: number): Promise<readonly StateName[]>;
  /** Notes that the bytes are gone. */
  finishState(name: StateName, at: number): Promise<void>;
}
