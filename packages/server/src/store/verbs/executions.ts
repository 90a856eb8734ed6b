import type { Claim, Execution, Reconciliation, Settlement } from "../../domain/execution.js";

/** What became of the grants. Nothing here reads before it writes: a condition in the `update` decides. */
export interface ExecutionStore {
  /**
   * Consumes the grant of an approved request, once; or claims anew what is `OUTCOME_UNKNOWN`, where
   * the claim before and this one declare the action idempotent.
   *
   * `replayed`: this very claim was made before; the execution as it stands. `lost`: the request is
   * not approved, the grant is another or over, or the `execution` there is belongs to somebody
   * else. `frozen`: the grant is from before a freeze, or everything is frozen now. `id_taken`: another
   * request's execution has this id. At and after its end a lease still
   * counts as running until {@link ExecutionStore.lapseDue} has ended it.
   */
  claim(claim: Claim): Promise<ClaimOutcome>;
  /**
   * Lets the lease of a running claim end later or sooner. `lost`: the token is an older one, or the
   * lease is over. `undefined`: no such execution.
   */
  renew(
    projectId: string,
    executionId: string,
    renewal: {
      readonly fencingToken: number;
      readonly at: number;
      readonly leaseExpiresAt: number;
    },
  ): Promise<ExecutionOutcome<"renewed"> | undefined>;
  /**
   * Records how a run ended, by whoever holds its lease. `replayed`: it ended so before, under the
   * same token. `lost`: as in {@link ExecutionStore.renew}, or it ended otherwise.
   */
  settle(
    projectId: string,
    executionId: string,
    settlement: Settlement,
  ): Promise<ExecutionOutcome<"settled" | "replayed"> | undefined>;
  /** Records what turned out to be true of an unknown outcome. `lost`: it is not unknown. */
  reconcile(
    projectId: string,
    executionId: string,
    reconciliation: Reconciliation,
  ): Promise<ExecutionOutcome<"settled" | "replayed"> | undefined>;
  find(projectId: string, executionId: string): Promise<Execution | undefined>;
  /**
   * Makes up to `limit` claims, of all projects, whose lease is over `OUTCOME_UNKNOWN`. Nothing
   * sealed is opened.
   */
  lapseDue(now: number, limit: number): Promise<readonly LapsedExecution[]>;
  /** When the next lease of any project ends. */
  nextLeaseEnd(): Promise<number | undefined>;
}

export type ClaimOutcome =
  | { readonly outcome: "claimed" | "replayed"; readonly execution: Execution }
  | { readonly outcome: "lost"; readonly execution?: Execution }
  | { readonly outcome: "frozen" }
  | { readonly outcome: "id_taken" };

export interface ExecutionOutcome<Done extends string> {
  readonly outcome: Done | "lost";
  readonly execution: Execution;
}

export type LapsedExecution = Pick<Execution, "id" | "requestId" | "projectId">;
