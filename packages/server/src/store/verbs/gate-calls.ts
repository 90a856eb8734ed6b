import type { Execution } from "../../domain/execution.js";
import type { ApprovedCall, CallEnding, GateCall, NewGateCall } from "../../domain/gate/call.js";

/**
 * Calls of the gate. Each verb changes the request, its run, the budgets and the events in one
 * transaction, and waits for a freeze that is under way: what comes after it begins nothing.
 */
export interface GateCallStore {
  /**
   * Makes a call as it was judged, once per id: held, refused, or under way with its budget reserved.
   * `exhausted`: no budget bears it; it is made and refused. `frozen`: authority is, or the lease is of
   * an older epoch. `taken`: there is a request of this id.
   */
  create(
    call: NewGateCall,
  ): Promise<
    | { readonly outcome: "created" | "exhausted"; readonly call: GateCall }
    | { readonly outcome: "frozen" }
    | { readonly outcome: "taken" }
  >;
  /**
   * Begins what was approved, once, with its budget; or begins anew what is `OUTCOME_UNKNOWN`, where it
   * is idempotent, without reserving twice. `exhausted`: nothing has changed, it can be begun later.
   * `lost`: its grant is used or over. `frozen`: as above, or it was asked for under an older epoch.
   */
  begin(
    call: ApprovedCall,
  ): Promise<
    | { readonly outcome: "begun"; readonly execution: Execution }
    | { readonly outcome: "exhausted" }
    | { readonly outcome: "frozen" }
    | { readonly outcome: "lost" }
  >;
  /**
   * Records how a run ended, and names the event that tells it; sent again, the same. `lost`: it has
   * ended otherwise, or its lease is over.
   */
  settle(
    ending: CallEnding,
  ): Promise<
    { readonly outcome: "settled"; readonly eventId: string } | { readonly outcome: "lost" }
  >;
  find(projectId: string, requestId: string): Promise<GateCall | undefined>;
}
