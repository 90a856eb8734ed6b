import type { JsonObject, JsonValue, WireActor } from "@holdpoint/protocol";
import { LEASE_BUDGET_ID } from "@holdpoint/protocol/gate";
import type { CallerLease } from "../caller.js";
import type { Execution } from "../execution.js";
import type { Grant, NewRequest, Request } from "../request.js";
import type { RunFault, Verification } from "./run.js";

/** Who refuses a call that the budget of its session or of the agent's day does not bear. */
export const BUDGET = { type: "policy", id: LEASE_BUDGET_ID } as const;

/** What one call costs, in minor units of `currency`. */
export interface CallCost {
  readonly amountMinor: number;
  readonly currency: string;
}

/** The manifest that a call runs, and no other. */
export interface CalledAction {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
}

/** A call as the server thinks of it: the request it is, what the gate knows of it, and its run. */
export interface GateCall {
  readonly request: Request;
  readonly action: CalledAction;
  /** Of who asked; once it runs, of who has it run. */
  readonly sessionId: string;
  readonly leaseId: string;
  readonly cost?: CallCost;
  readonly askedAt: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly verification?: Verification;
  readonly execution?: Execution;
  /** The event that tells how the run ended, or that nobody knows. */
  readonly outcomeEventId?: string;
}

/** What becomes of a new call at once. */
export type CallVerdict =
  /** A person has to decide. */
  | { readonly kind: "hold" }
  | { readonly kind: "deny"; readonly decidedBy: WireActor; readonly reason: string }
  | {
      readonly kind: "run";
      readonly decidedBy: WireActor;
      readonly approvedDigest: string;
      readonly grant: Grant;
      readonly start: CallStart;
    };

/** A run about to begin. */
export interface CallStart {
  readonly executionId: string;
  readonly idempotent: boolean;
  readonly at: number;
  readonly leaseExpiresAt: number;
}

/** A call about to be made. */
export interface NewGateCall {
  readonly request: NewRequest & { readonly payload: JsonObject };
  readonly action: CalledAction;
  readonly lease: CallerLease;
  readonly cost?: CallCost;
  readonly verdict: CallVerdict;
}

/** A call that was approved, or whose outcome nobody knows, about to be run. */
export interface ApprovedCall {
  readonly projectId: string;
  readonly requestId: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly lease: CallerLease;
  readonly grantId: string;
  readonly approvedDigest: string;
  readonly cost?: CallCost;
  readonly start: CallStart;
}

/** How a run ended, as it is put on record. */
export interface CallEnding {
  readonly projectId: string;
  readonly requestId: string;
  readonly executionId: string;
  readonly fencingToken: number;
  readonly at: number;
  readonly settledBy: WireActor;
  readonly outcome:
    | {
        readonly status: "COMMITTED";
        readonly result: JsonValue;
        readonly verification: Verification;
      }
    | { readonly status: "FAILED" | "OUTCOME_UNKNOWN"; readonly error: RunFault };
  /** Nothing was sent: its budget is given back. */
  readonly isUnsent: boolean;
}
