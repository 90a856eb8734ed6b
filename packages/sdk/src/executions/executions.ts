import type { ClientParts } from "../late.js";
import {
  composeClaim,
  composeCommit,
  composeFailure,
  composeRead,
  composeReconciliation,
  composeRenewal,
  type ExecutionCall,
  sendCall,
} from "./calls.js";
import type { Executions } from "./options.js";

/** The calls behind `hp.executions`. */
export function createExecutions(parts: ClientParts): Executions {
  const send = async (call: ExecutionCall | Promise<ExecutionCall>) => sendCall(parts, await call);
  return {
    claim: async (decision, options) => send(composeClaim(decision, options)),
    renew: async (execution, options) => send(composeRenewal(execution, options)),
    commit: (execution, result, options) => send(composeCommit(parts, execution, result, options)),
    fail: (execution, error, options) => send(composeFailure(parts, execution, error, options)),
    reconcile: (execution, given, options) =>
      send(composeReconciliation(parts, execution, given, options)),
    get: async (id, options) => send(composeRead(id, options)),
  };
}
