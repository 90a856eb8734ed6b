import type { Gate, GatedCall } from "@holdpoint/sdk/adapter";
import { composeCall, misconfigured, requireGated } from "../gating.js";
import type { Tools } from "../tools.js";
import type { OpenApproval } from "./open.js";

/** The calls of a turn that wait for people, and the gate they all go through. */
export interface WaitingCalls {
  readonly gate: Gate;
  readonly runId: string;
  readonly calls: readonly GatedCall[];
}

/**
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: one of them is of a tool that is not there,
 *   not gated, not durable, or gated apart from the others.
 */
export async function composeCalls(
  tools: Tools,
  approvals: readonly OpenApproval[],
  signal: AbortSignal | undefined,
): Promise<WaitingCalls> {
  const [first, ...others] = approvals.map(({ toolName }) => requireGated(tools, toolName));
  if (!first?.options.durable || others.some(({ gate }) => gate !== first.gate)) {
    throw misconfigured(
      "Expected the tools of these calls from one gateTools with durable: true, got others. Nothing ran.",
    );
  }
  const { runId } = first.options;
  const calls = approvals.map(async ({ toolName, toolCallId, input }) => {
    const call = await composeCall(requireGated(tools, toolName), input, { toolCallId });
    return { ...call, runId, signal };
  });
  return { gate: first.gate, runId, calls: await Promise.all(calls) };
}
