import type { ApiKeyScope } from "@holdpoint/protocol";

/** A program behind an API key. */
export interface AgentCaller {
  readonly type: "agent";
  readonly keyId: string;
  readonly projectId: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly scopes: readonly ApiKeyScope[];
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
