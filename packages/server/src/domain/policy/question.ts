import type { JsonValue, PolicyVerdict, Priority, ShieldMode } from "@holdpoint/protocol";

/** What a policy is asked about: one intent of one agent. */
export interface PolicyQuestion {
  readonly projectId: string;
  readonly agent: { readonly id: string; readonly name: string };
  /** How it comes: a thing to ask a person, money to spend, an action to run. */
  readonly entry: "ask" | "purchase" | "execute";
  readonly service: string;
  readonly action: string;
  /** An action's risk, or the priority the agent gives. */
  readonly priority: Priority;
  readonly environment?: string;
  readonly runId?: string;
  /** Of the credential. */
  readonly scopes: readonly string[];
  /** Absent where it is encrypted. */
  readonly payload?: JsonValue;
  /** Of a purchase, or of an action that costs something. */
  readonly spend?: {
    readonly amountMinor: number;
    readonly currency: string;
    readonly category?: string;
    readonly payee?: string;
  };
  /** What the agent has called through the gate today (UTC), and at what cost. */
  readonly today?: { readonly calls: number; readonly costMinor: number };
  /** How it compares with what its service is known to do. Absent where nothing follows it. */
  readonly shield?: {
    readonly mode: ShieldMode;
    readonly anomalous: boolean;
    /** One run in so many is as surprising. Absent until enough are known. */
    readonly oneIn?: number;
  };
  /** Milliseconds since the epoch, UTC. */
  readonly at: number;
}

/** What it answers. */
export interface PolicyAnswer {
  /** 0: the project has no policy. */
  readonly revision: number;
  /**
   * `deny` by a `forbid`; `hold` by a `permit` that names a role; `allow` by other permits only;
   * `none`: nothing matched, or there is no policy. Where a statement could not be evaluated, `failed`
   * is set and the verdict is not to be relied upon.
   */
  readonly verdict: PolicyVerdict;
  /** The ids of the statements that decided, in their order. */
  readonly statements: readonly string[];
  /** With `hold`. */
  readonly role?: string;
  /** The `@reason` of the first that decided and has one. */
  readonly reason?: string;
  /** A statement, or the policy as a whole, could not be evaluated. */
  readonly failed?: true;
}

/** Judges by the policy in force. Rejects when the store does not answer. */
export interface PolicyJudge {
  judge(question: PolicyQuestion): Promise<PolicyAnswer>;
}
