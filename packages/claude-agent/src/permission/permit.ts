import type { PermissionResult } from "@anthropic-ai/claude-agent-sdk";
import {
  type ClaimedOutcome,
  describeError,
  type Gate,
  type GatedCall,
} from "@holdpoint/sdk/adapter";
import { isArguments, type ResolvedOptions } from "../options.js";
import { describeReplay, recordOfError } from "../result.js";

/**
 * Answers a permission prompt. Nobody tells how the tool ended, so what is put on record is that the
 * permission was given: from then on it is used up, whatever became of it.
 *
 * @throws the signal's reason when aborted. The question stays open.
 */
export async function permit(
  gate: Gate,
  call: GatedCall,
  { onError }: Pick<ResolvedOptions, "onError">,
): Promise<PermissionResult> {
  try {
    const outcome = await gate.claim(call);
    switch (outcome.type) {
      case "cleared":
        return { behavior: "allow", updatedInput: argumentsOf(call.args) };
      case "claimed":
        return await handOver(outcome);
      case "ran":
        return deny(describeReplay(gate.nameOf(call), outcome));
      default:
        return deny(outcome.text);
    }
  } catch (error) {
    if (call.signal?.aborted) throw error;
    await onError(error, call);
    return deny(describeError(gate.nameOf(call), error));
  }
}

async function handOver({ args, run }: ClaimedOutcome): Promise<PermissionResult> {
  if (!isArguments(args)) {
    const fault = "What was approved is no object of arguments. It did not run.";
    await run.fail(recordOfError(fault));
    return deny(`ERROR: ${fault}`);
  }
  await run.commit({ permission: "given to Claude" });
  return { behavior: "allow", updatedInput: { ...args } };
}

function argumentsOf(args: unknown): Record<string, unknown> {
  return isArguments(args) ? { ...args } : {};
}

function deny(message: string): PermissionResult {
  return { behavior: "deny", message };
}
