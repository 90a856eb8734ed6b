import type { GateVerificationStatus, JsonObject, JsonValue } from "@holdpoint/protocol";
import type { GateFault } from "@holdpoint/protocol/gate";
import type { Action } from "./action.js";

/** One run of an action, exactly as it was let through. */
export interface ActionRun {
  readonly action: Action;
  /** Valid by the manifest's schema. */
  readonly parameters: JsonObject;
  /** The same for every try of one call: what the manifest's idempotency header carries. */
  readonly idempotencyKey: string;
}

/** How a run ended. */
export type ActionOutcome =
  | {
      readonly outcome: "success";
      /** Redacted as the manifest says. */
      readonly output: JsonValue;
      readonly verification: Verification;
    }
  | {
      /** Nothing was sent, or the service has said no: it is known not to have had its effect. */
      readonly outcome: "failed";
      readonly fault: RunFault;
    }
  | {
      /** Something was sent, and no answer tells what became of it. */
      readonly outcome: "outcome_unknown";
      readonly fault: RunFault;
    };

export interface Verification {
  readonly status: GateVerificationStatus;
  readonly detail?: string;
}

export interface RunFault {
  readonly code: GateFault;
  /** In plain words, without a secret or anything of what was answered. */
  readonly message: string;
  /** With `refused_by_service`: its HTTP status. */
  readonly status?: number;
}

/** Runs actions. Never throws for what a service or a network does; nothing of it reaches the store. */
export interface ActionRunner {
  /**
   * @param signal - Ends the run; after something was sent its outcome is unknown (`interrupted`).
   */
  run(run: ActionRun, signal: AbortSignal): Promise<ActionOutcome>;
  close(): Promise<void>;
}
