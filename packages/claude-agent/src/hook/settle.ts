import type {
  PostToolUseFailureHookInput,
  PostToolUseHookInput,
  SyncHookJSONOutput,
} from "@anthropic-ai/claude-agent-sdk";
import { type JsonValue, ValidationError } from "@holdpoint/sdk";
import type { ClaimedRun } from "@holdpoint/sdk/adapter";
import type { ResolvedOptions } from "../options.js";
import { annotate, recordOf, recordOfError } from "../result.js";
import type { OpenRuns } from "./open-runs.js";

/** What answers `PostToolUse` and `PostToolUseFailure`: the tool has ended, whatever becomes of that. */
export function createSettler(runs: OpenRuns, onError: ResolvedOptions["onError"]) {
  return {
    async commit(input: PostToolUseHookInput): Promise<SyncHookJSONOutput> {
      const open = runs.take(input);
      if (open === undefined) return {};
      await commit(open.run, recordOf(input.tool_response)).catch(onError);
      return open.note === undefined ? {} : annotate(input, open.note);
    },

    async fail(input: PostToolUseFailureHookInput): Promise<SyncHookJSONOutput> {
      const open = runs.take(input);
      // What was interrupted may have had its effect, so nobody says that it failed.
      if (open && input.is_interrupt !== true) {
        await open.run.fail(recordOfError(input.error)).catch(onError);
      }
      return {};
    },
  };
}

/** It has run, and that has to be on record, also when what it returned cannot be. */
async function commit(run: ClaimedRun, record: JsonValue): Promise<void> {
  try {
    await run.commit(record);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    await run.commit({ unrecorded: "no JSON that can be kept" });
  }
}
