import type { WireActor } from "@holdpoint/protocol";
import type { Authority, GateSession, Lease, StandingLease } from "../../domain/identity/lease.js";
import type { Page } from "../store.js";

export interface NewLease {
  readonly id: string;
  readonly eventId: string;
  readonly projectId: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly credentialId: string;
  readonly keyThumbprint: string;
  /** Milliseconds; its token tells the whole seconds of both. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** The server's public address. */
  readonly issuer: string;
  /** A session to go on with, or one to begin. */
  readonly session:
    | { readonly continue: string }
    | Pick<GateSession, "id" | "scopes" | "maxCalls" | "maxCost" | "currency">;
}

export interface LeaseStore {
  /**
   * Issues a lease with its receipt, and signs its token, which is not kept. `frozen`: authority is.
   * `no_session`: the session to go on with is another agent's, of an older epoch, or not there.
   */
  issue(
    lease: NewLease,
  ): Promise<
    | { readonly outcome: "issued"; readonly lease: Lease; readonly token: string }
    | { readonly outcome: "frozen" | "no_session" }
  >;
  /** Whatever its state: the caller checks. */
  find(leaseId: string): Promise<StandingLease | undefined>;
  /** The session of an agent, whatever its epoch. */
  findSession(
    projectId: string,
    agentId: string,
    sessionId: string,
  ): Promise<GateSession | undefined>;
  list(projectId: string, query: LeaseQuery): Promise<Page<StandingLease>>;
  /** Idempotent; `undefined`: no such lease in this project. */
  revoke(
    projectId: string,
    leaseId: string,
    change: { readonly eventId: string; readonly at: number; readonly actor: WireActor },
  ): Promise<StandingLease | undefined>;
}

export interface LeaseQuery {
  readonly agentId?: string;
  /** Only those that live at this time. */
  readonly liveAt?: number;
  readonly limit: number;
  readonly cursor?: string;
}

/** Remembers proofs, so that none is taken twice, by any replica and after any restart. */
export interface ProofStore {
  /** False: it was taken before. */
  remember(proofId: string, expiresAt: number): Promise<boolean>;
  /** Forgets up to `limit` that could not be taken any more. */
  forget(now: number, limit: number): Promise<number>;
}

export interface AuthorityStore {
  find(projectId: string): Promise<Authority>;
  /**
   * Freezes or thaws, with a receipt. Once a freeze is answered no grant, lease or approval of an older
   * epoch is consumed any more. What stands already stays as it is, and leaves no receipt.
   */
  set(change: {
    readonly projectId: string;
    readonly frozen: boolean;
    readonly reason?: string;
    readonly eventId: string;
    readonly at: number;
    readonly actor: WireActor;
  }): Promise<Authority>;
}
