import type { JsonValue } from "@holdpoint/protocol";
import type { ApprovedDecision, ModifiedDecision } from "../requests/decision.js";
import type { CallOptions } from "../requests/options.js";
import type { Execution } from "./execution.js";

/** What of an approval a claim needs. */
export type ClaimableDecision = Pick<
  ApprovedDecision<unknown> | ModifiedDecision<unknown>,
  "approved" | "id" | "grant"
>;

/** What of a claimed execution its holder needs to settle it. */
export type HeldExecution = Pick<Execution, "id" | "requestId" | "fencingToken">;

export interface ClaimOptions extends CallOptions {
  /**
   * Milliseconds without a renewal after which the outcome counts as unknown. Integer,
   * 1_000 … 3_600_000. Default 60_000.
   */
  readonly leaseMs?: number;
  /**
   * The action may run again under the same key without a second effect. Only then may an unknown
   * outcome be claimed again. Default false.
   */
  readonly idempotent?: boolean;
  /** The execution's id (`exe_` TypeID). Default: a new one. The same id claims once. */
  readonly id?: string;
}

export interface RenewOptions extends CallOptions {
  /** As in {@link ClaimOptions}. */
  readonly leaseMs?: number;
}

/** What turned out to be true of an unknown outcome. */
export interface Reconciliation {
  readonly outcome: "committed" | "failed";
  /** What this rests on, for example the provider's id of the payment. JSON up to 256 KiB. */
  readonly evidence: JsonValue;
  readonly result?: JsonValue;
  readonly error?: JsonValue;
}

export interface GetExecutionOptions extends CallOptions {
  /** Milliseconds to hold the answer while it runs. Integer, 0 … 30_000. Default 0. */
  readonly waitMs?: number;
}

/** The run of what was approved, step by step. `guard` does all of this for you. */
export interface Executions {
  /**
   * Uses the one-use grant of an approval. Whoever gets an execution back, and nobody else, may run
   * the approved payload.
   *
   * @throws {GrantError} `GRANT_EXPIRED`, `GRANT_INVALID`, `NOT_APPROVED`, `ARGUMENTS_CHANGED`.
   * @throws {ConflictError} `EXECUTION_CLAIMED` or `EXECUTION_SETTLED`: somebody was first.
   */
  claim(decision: ClaimableDecision, options?: ClaimOptions): Promise<Execution>;
  /**
   * Starts the lease anew.
   *
   * @throws {ConflictError} `EXECUTION_LEASE_LOST`: stop; the outcome counts as unknown.
   */
  renew(execution: HeldExecution, options?: RenewOptions): Promise<Execution>;
  /**
   * Records that it ran, and what it returned (JSON up to 256 KiB). Safe to repeat.
   *
   * @throws {ConflictError} `EXECUTION_LEASE_LOST`: too late, reconcile instead.
   */
  commit(execution: HeldExecution, result?: unknown, options?: CallOptions): Promise<Execution>;
  /** Records that it failed, and with what (JSON up to 256 KiB). Safe to repeat. Throws as commit. */
  fail(execution: HeldExecution, error: unknown, options?: CallOptions): Promise<Execution>;
  /**
   * Settles an unknown outcome with evidence.
   *
   * @throws {ConflictError} `EXECUTION_SETTLED`: its outcome is known; `EXECUTION_CLAIMED`: it runs.
   */
  reconcile(
    execution: Pick<Execution, "id" | "requestId">,
    reconciliation: Reconciliation,
    options?: CallOptions,
  ): Promise<Execution>;
  /** @throws {NotFoundError} `EXECUTION_NOT_FOUND`: no such execution of this agent. */
  get(id: string, options?: GetExecutionOptions): Promise<Execution>;
}
