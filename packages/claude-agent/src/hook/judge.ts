import type { PreToolUseHookInput, SyncHookJSONOutput } from "@anthropic-ai/claude-agent-sdk";
import {
  type ClaimedOutcome,
  type ClaimOutcome,
  describeError,
  type Gate,
  type GatedCall,
} from "@holdpoint/sdk/adapter";
import { turnOf } from "../durable/turn.js";
import { gatedCall, isArguments, type ResolvedOptions } from "../options.js";
import { allow, defer, deny, describeReplay, describeSibling, recordOfError } from "../result.js";
import { DeferredCalls } from "./deferred-calls.js";
import type { OpenRuns } from "./open-runs.js";

export interface JudgeParts {
  readonly gate: Gate;
  readonly options: ResolvedOptions;
  readonly runs: OpenRuns;
  readonly whilePending: "wait" | "defer";
}

/** What answers `PreToolUse`. */
export function createJudge({ gate, options, runs, whilePending }: JudgeParts) {
  const deferred = new DeferredCalls();

  return async (input: PreToolUseHookInput, signal: AbortSignal): Promise<SyncHookJSONOutput> => {
    const call = callOf(options, input, signal);
    try {
      if (!defers(input)) return await answer(input, call, await gate.claim(call));
      if (deferred.hasSibling(input) && (await gate.judge(call)) === "ask") {
        return deny(describeSibling(gate.nameOf(call)));
      }
      const state = turnOf(call, input);
      return await answer(input, call, await gate.claim({ ...call, wait: false }, { state }));
    } catch (error) {
      // Claude has gone: nobody reads the answer, and the question stays open.
      if (signal.aborted) throw error;
      await options.onError(error, call);
      return deny(describeError(gate.nameOf(call), error));
    }
  };

  /** Claude forgets what a subagent deferred, so there the call is held. */
  function defers({ agent_id }: PreToolUseHookInput): boolean {
    return whilePending === "defer" && agent_id === undefined;
  }

  async function answer(input: PreToolUseHookInput, call: GatedCall, outcome: ClaimOutcome) {
    switch (outcome.type) {
      case "cleared":
        return allow();
      case "claimed":
        return letRun(input, outcome);
      case "ran":
        return deny(describeReplay(gate.nameOf(call), outcome));
      case "pending":
        deferred.add(input);
        return defer(outcome.text);
      case "refused":
        return deny(outcome.text);
    }
  }

  async function letRun(input: PreToolUseHookInput, { args, run, note }: ClaimedOutcome) {
    if (isArguments(args)) {
      runs.add(input, { run, note });
      return allow(args);
    }
    const fault = "What was approved is no object of arguments. It did not run.";
    await run.fail(recordOfError(fault));
    return deny(`ERROR: ${fault}`);
  }
}

function callOf(
  options: ResolvedOptions,
  { session_id, tool_name, tool_input, tool_use_id }: PreToolUseHookInput,
  signal: AbortSignal,
): GatedCall {
  const call = { tool: tool_name, args: tool_input, toolCallId: tool_use_id, signal };
  return gatedCall(options, { ...call, sessionId: session_id });
}
