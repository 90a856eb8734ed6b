import type { WireActor } from "@holdpoint/protocol";
import type { PublicP256Jwk } from "@holdpoint/protocol/gate";

/** A one-time right for an agent to enrol a key of its own. */
export interface Enrolment {
  readonly id: string;
  readonly projectId: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly createdBy: WireActor;
  readonly expiresAt: number;
}

/** A key of an agent's own, by which it authenticates without any shared secret. */
export interface AgentIdentity {
  readonly id: string;
  readonly projectId: string;
  readonly agent: { readonly id: string; readonly name: string };
  /** RFC 7638, SHA-256, base64url. */
  readonly keyThumbprint: string;
  readonly publicKey: PublicP256Jwk;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  /** Who made the code that it was enrolled with. */
  readonly enrolledBy: WireActor;
  /** The event of its enrolment. */
  readonly eventId: string;
  readonly lastUsedAt?: number;
  readonly revokedAt?: number;
}

export interface AgentIdentityStore {
  /**
   * Keeps a code by the SHA-256 of its text, once per id: made again, it answers the enrolment there
   * is. The agent is found by `agentName`, or made with `newAgentId`.
   */
  createEnrolment(
    enrolment: Omit<Enrolment, "agent"> & {
      readonly codeHash: string;
      readonly agentName: string;
      readonly newAgentId: string;
    },
  ): Promise<Enrolment>;
  /**
   * Uses a code up and enrols a key, with a receipt. The same code with the same key again answers
   * the identity there is. `no_code`: it is unknown, used or over. `key_taken`: the key is enrolled
   * already, and the code is not used up.
   */
  enrol(use: {
    readonly id: string;
    readonly eventId: string;
    readonly codeHash: string;
    readonly keyThumbprint: string;
    readonly publicKey: PublicP256Jwk;
    readonly at: number;
  }): Promise<
    | { readonly outcome: "enrolled"; readonly identity: AgentIdentity }
    | { readonly outcome: "no_code" | "key_taken" }
  >;
  /** Newest first. */
  list(projectId: string, agentId?: string): Promise<readonly AgentIdentity[]>;
  /** Whatever its state: the caller checks revocation. */
  findByThumbprint(keyThumbprint: string): Promise<AgentIdentity | undefined>;
  /** Idempotent, with a receipt the first time; `undefined`: no such identity in this project. */
  revoke(
    projectId: string,
    identityId: string,
    change: { readonly eventId: string; readonly at: number; readonly actor: WireActor },
  ): Promise<AgentIdentity | undefined>;
  /** Best effort, not waited for: at most one write per identity and minute. */
  touch(identityId: string, at: number): Promise<void>;
}

/** The most an agent may have, whatever it asks for. Amounts are in minor units. */
export interface AgentLimits {
  readonly scopes?: readonly string[];
  readonly maxCallsPerDay?: number;
  readonly maxCostPerDay?: { readonly amountMinor: number; readonly currency: string };
}

/** What an agent has called in one day. */
export interface AgentUse {
  readonly calls: number;
  readonly cost?: { readonly amountMinor: number; readonly currency: string };
}

export interface AgentLimitStore {
  find(projectId: string, agentId: string): Promise<AgentLimits | undefined>;
  /** Puts these in the place of all there were, with a receipt; `undefined`: no such agent. */
  set(
    projectId: string,
    agentId: string,
    change: AgentLimits & {
      readonly eventId: string;
      readonly at: number;
      readonly actor: WireActor;
    },
  ): Promise<AgentLimits | undefined>;
  /**
   * @param day - Days since the epoch, UTC.
   * @param currency - Of the cost. Default: that of whatever has cost anything.
   */
  usedOn(agentId: string, day: number, currency?: string): Promise<AgentUse>;
}
