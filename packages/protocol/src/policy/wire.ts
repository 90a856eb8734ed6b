import type { PolicyVerdict, WireActor } from "../wire.js";

/** `PUT /v1/policies`, admins only: the project's whole policy, in Cedar. */
export interface WireSetPolicy {
  /** Empty: no policy any more. */
  readonly text: string;
  /** The revision it was made from; another in the meantime is `REVISION_CONFLICT`. 0: there was none. */
  readonly base_revision: number;
  /** Why, for who reads the history. */
  readonly note?: string;
}

/** One revision. `GET /v1/policies` lists them, the one in force first. */
export interface WirePolicy {
  readonly id: string;
  readonly revision: number;
  readonly text: string;
  readonly note?: string;
  readonly created_at: string;
  readonly created_by: WireActor;
  readonly receipt_id: string;
}

/** `POST /v1/policies/check`. */
export interface WireCheckPolicy {
  readonly text: string;
}

export interface WirePolicyProblem {
  readonly severity: "error" | "warning";
  readonly message: string;
  /** What to do about it, where Cedar knows. */
  readonly help?: string;
  /** Where in the text, counted from 1. */
  readonly line?: number;
  readonly column?: number;
  readonly policy_id?: string;
}

/** One statement of a policy. */
export interface WirePolicyStatement {
  /** Its `@id`, else `policy<n>` by its place, counted from 0. */
  readonly id: string;
  readonly effect: "permit" | "forbid";
  /** Its `@hold`: the role that has to approve. */
  readonly hold?: string;
  /** Its `@reason`. */
  readonly reason?: string;
}

export interface WirePolicyCheck {
  /** Whether it could be put in force. Warnings do not keep it from that. */
  readonly valid: boolean;
  readonly problems: readonly WirePolicyProblem[];
  readonly statements: readonly WirePolicyStatement[];
}

/** `POST /v1/policies/try`: what a text would have said of past requests. */
export interface WireTryPolicy {
  readonly text: string;
  /** Only requests made at or after this. */
  readonly since?: string;
  /** Newest first. Default 200. */
  readonly limit?: number;
}

export interface WirePolicyTrial {
  /** Requests that were looked at. Those whose contents nobody here can read are judged without them. */
  readonly tried: number;
  readonly verdicts: Readonly<Record<PolicyVerdict, number>>;
  /** Of those, what the text in force would decide otherwise. */
  readonly changed: readonly WirePolicyChange[];
}

export interface WirePolicyChange {
  readonly request_id: string;
  readonly service: string;
  readonly action: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly created_at: string;
  readonly was: PolicyVerdict;
  readonly would_be: PolicyVerdict;
  readonly policies: readonly string[];
  readonly reason?: string;
}

/** `POST /v1/policies/explain`: what the policy in force says of one request, and what it was asked. */
export interface WireExplainPolicy {
  readonly request_id: string;
}

export interface WirePolicyExplanation {
  readonly request_id: string;
  readonly revision: number;
  readonly verdict: PolicyVerdict;
  readonly policies: readonly WirePolicyStatement[];
  readonly role?: string;
  readonly reason?: string;
  /** Statements that could not be evaluated: at the gate they deny. */
  readonly errors: readonly string[];
  /** The question as Cedar got it. */
  readonly question: {
    readonly principal: string;
    readonly action: string;
    readonly resource: string;
    readonly context: unknown;
  };
}
