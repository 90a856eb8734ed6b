import type { WireActor } from "@holdpoint/protocol";
import type { Page } from "../store.js";

/** One revision of a project's policy. */
export interface PolicyRevision {
  readonly id: string;
  readonly projectId: string;
  /** From 1. */
  readonly revision: number;
  /** Cedar; empty: none any more. */
  readonly text: string;
  readonly note?: string;
  readonly createdAt: number;
  readonly createdBy: WireActor;
  /** The event of its being put in force. */
  readonly eventId: string;
}

export interface PolicyStore {
  /**
   * Puts the next revision in force, with its receipt. `lost`: another is in force than
   * `baseRevision`; the one that is.
   */
  set(
    revision: Omit<PolicyRevision, "revision"> & { readonly baseRevision: number },
  ): Promise<
    | { readonly outcome: "set"; readonly policy: PolicyRevision }
    | { readonly outcome: "lost"; readonly policy: PolicyRevision | undefined }
  >;
  /** The one in force. */
  find(projectId: string): Promise<PolicyRevision | undefined>;
  /** Its number alone: 0 where there is none. */
  revisionOf(projectId: string): Promise<number>;
  list(
    projectId: string,
    query: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<PolicyRevision>>;
}
