import type { WireExecution } from "@holdpoint/protocol";
import type { Execution } from "../../domain/execution.js";
import { outlineOf } from "../../domain/execution-problem.js";

/** An execution as it travels, with what it said. */
export function toWireExecution(execution: Execution): WireExecution {
  const { result, error, evidence } = execution;
  return {
    ...outlineOf(execution),
    ...(result !== undefined && { result }),
    ...(error !== undefined && { error }),
    ...(evidence !== undefined && { evidence }),
  };
}
