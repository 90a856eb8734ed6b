import { isFinalStatus } from "@holdpoint/protocol";
import type { Context } from "../../context.js";
import type { AgentCaller } from "../../domain/caller.js";
import type { GateCall } from "../../domain/gate/call.js";
import { Wait } from "../wait.js";
import { loadCall } from "./load.js";

/** Until a call is no longer pending. */
export class ApprovalWait extends Wait<GateCall> {
  readonly #agent: AgentCaller;
  readonly #callId: string;

  constructor(context: Context, caller: AgentCaller, callId: string, waitMs: number) {
    super(context, caller, callId, waitMs);
    this.#agent = caller;
    this.#callId = callId;
  }

  protected load(): Promise<GateCall> {
    return loadCall(this.context, this.#agent, this.#callId);
  }

  protected isOver({ request }: GateCall): boolean {
    return isFinalStatus(request.status);
  }

  protected adopt(): undefined {}
}
