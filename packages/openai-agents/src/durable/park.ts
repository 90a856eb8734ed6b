import { type PendingCall, parkTurn } from "@holdpoint/sdk/adapter";
import { callOf, type DurableParts, type InterruptedResult, type ParkedRun } from "./parts.js";

/** Asks for every interruption of a run, and parks the run with each. */
export async function parkRun<Context>(
  parts: DurableParts<Context>,
  { interruptions, runContext, state }: InterruptedResult<Context>,
): Promise<readonly PendingCall[]> {
  if (interruptions.length === 0) return [];
  const calls = interruptions.map((item) => callOf(item, runContext, parts));
  const data: ParkedRun = { state: state.toString() };
  return parkTurn(parts.gate, { adapter: parts.adapter, calls, data });
}
