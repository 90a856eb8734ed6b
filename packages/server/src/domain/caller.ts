/** A program behind an API key, a key of its own, or a lease. */
export interface AgentCaller {
  readonly type: "agent";
  /** The API key (`key_…`), agent identity (`aid_…`) or lease (`lse_…`) that came with the call. */
  readonly keyId: string;
  readonly projectId: string;
  readonly agent: { readonly id: string; readonly name: string };
  /** An API key's, and with a lease also `actions:<id>`. */
  readonly scopes: readonly string[];
  /** Where it came with a lease, and proved that it holds the lease's key. */
  readonly lease?: CallerLease;
}

/** The lease of a call. */
export interface CallerLease {
  readonly id: string;
  readonly sessionId: string;
  readonly epoch: number;
  readonly expiresAt: number;
  /** RFC 7638 thumbprint of its key. */
  readonly keyThumbprint: string;
}

/** What an operator may do in one project. */
export interface ProjectRoles {
  readonly project: { readonly id: string; readonly name: string; readonly createdAt: number };
  readonly roles: readonly string[];
}

/** A person, with every project this credential reaches. */
export interface OperatorCaller {
  readonly type: "operator";
  readonly via: "session" | "token";
  readonly operator: { readonly id: string; readonly email: string; readonly name: string };
  readonly projects: readonly ProjectRoles[];
}

/** A person acting in one project. */
export interface MemberCaller extends OperatorCaller {
  readonly projectId: string;
  readonly roles: readonly string[];
}

export type Caller = AgentCaller | OperatorCaller | MemberCaller;

/** Who acts in a project: what the pipeline works with. */
export type ProjectCaller = AgentCaller | MemberCaller;
