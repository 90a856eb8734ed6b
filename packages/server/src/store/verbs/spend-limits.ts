import type { WireActor } from "@holdpoint/protocol";
import type { PastPurchase, SpendPolicy } from "@holdpoint/protocol/spend";

/** Whose policy or kill switch it is: an agent's, or its whole project's. */
export interface SpendTarget {
  readonly projectId: string;
  /** Absent: the project's own. */
  readonly agentId?: string;
}

/** One revision of a spend policy. */
export interface SpendPolicyRevision {
  readonly id: string;
  readonly projectId: string;
  /** Absent: the project's own. */
  readonly agent?: { readonly id: string; readonly name: string };
  readonly revision: number;
  /** `null`: taken away by this revision. */
  readonly policy: SpendPolicy | null;
  readonly createdAt: number;
  readonly createdBy: WireActor;
}

export interface SpendPolicyStore {
  /** Makes the next revision, once per id: made again, it answers the revision there is. */
  set(
    revision: SpendTarget & Pick<SpendPolicyRevision, "id" | "policy" | "createdAt" | "createdBy">,
  ): Promise<SpendPolicyRevision>;
  /** The policies of a project and its agents that are in force, the project's first. */
  listInForce(projectId: string): Promise<readonly SpendPolicyRevision[]>;
  /** The newest revisions of one, newest first, `limit` at most. */
  listHistory(target: SpendTarget, limit: number): Promise<readonly SpendPolicyRevision[]>;
  /**
   * The newest purchases of a project, newest first, `limit` at most, as they went. The checks are
   * there for those that were rejected only.
   */
  listPast(projectId: string, limit: number): Promise<readonly ListedPastPurchase[]>;
}

export interface ListedPastPurchase extends PastPurchase {
  readonly merchantName?: string;
}

export interface KillSwitch {
  readonly projectId: string;
  /** Absent: the project's own. */
  readonly agent?: { readonly id: string; readonly name: string };
  readonly stopped: boolean;
  readonly reason?: string;
  readonly changedAt: number;
  readonly changedBy: WireActor;
}

export interface KillSwitchStore {
  /**
   * Stops spending, or lets it go on. Once it is answered nothing more is reserved. A switch that is
   * there already, for the same reason, stays as it is.
   */
  set(
    change: SpendTarget & Pick<KillSwitch, "stopped" | "reason" | "changedAt" | "changedBy">,
  ): Promise<KillSwitch>;
  /** Every switch of a project that was ever turned, the project's first. */
  list(projectId: string): Promise<readonly KillSwitch[]>;
}
