import type { Escrow, EscrowQuery, EscrowStepTaken, NewEscrow } from "../../domain/escrow.js";
import type { AgentKey } from "../../domain/escrow-key.js";
import type { ProblemError } from "../../domain/problem.js";
import type { NewPurchase } from "../../domain/spend/purchase.js";
import type { Page } from "../store.js";

export interface AgentKeyStore {
  /**
   * Keeps a public key, attested with the key that signs receipts. `replayed`: this agent has it
   * already. `taken`: another agent of the project has. `too_many`: the agent has as many as it may.
   */
  register(
    key: Omit<AgentKey, "attestation">,
  ): Promise<
    | { readonly outcome: "registered" | "replayed"; readonly key: AgentKey }
    | { readonly outcome: "taken" | "too_many" }
  >;
  find(projectId: string, keyId: string): Promise<AgentKey | undefined>;
  /** Newest first. */
  list(projectId: string, agentId?: string): Promise<readonly AgentKey[]>;
}

/**
 * Escrows. Each verb moves the escrow, its money, its ledger and its events in one transaction. What
 * a person decides of a dispute is done in the transaction of that decision.
 */
export interface EscrowStore {
  /**
   * Judges and reserves the purchase, as any other, and keeps its escrow beside it; once per id.
   * `refused`: the escrow that it passes on from does not bear it.
   */
  open(
    purchase: NewPurchase,
    escrow: NewEscrow,
  ): Promise<
    | { readonly outcome: "opened" | "replayed"; readonly escrow: Escrow }
    | { readonly outcome: "conflict" | "too_many" }
    | { readonly outcome: "refused"; readonly problem: ProblemError }
  >;
  find(projectId: string, escrowId: string): Promise<Escrow | undefined>;
  /** Newest first. What is sealed is left out. */
  list(projectId: string, query: EscrowQuery): Promise<Page<Escrow>>;
  /**
   * Takes a verified step, by compare-and-set on the stage. `replayed`: this very step was taken
   * before. `lost`: the escrow as it stands does not bear it; nothing has changed.
   */
  advance(
    projectId: string,
    escrowId: string,
    step: EscrowStepTaken,
  ): Promise<
    { readonly outcome: "taken" | "replayed" | "lost"; readonly escrow: Escrow } | undefined
  >;
  /**
   * Puts up to `limit` escrows, of all projects, whose time is up before a person, and asks again
   * where nobody has answered. How many it looked at, and the questions that were asked.
   */
  askDue(
    now: number,
    limit: number,
  ): Promise<{ readonly due: number; readonly asked: readonly AskedDispute[] }>;
  /** When the next of any project is due. */
  nextDue(): Promise<number | undefined>;
}

/** A question put before a person. */
export interface AskedDispute {
  readonly id: string;
  readonly projectId: string;
  readonly expiresAt: number;
}
