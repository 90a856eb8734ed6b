import type {
  HookCallback,
  HookCallbackMatcher,
  HookInput,
  SyncHookJSONOutput,
} from "@anthropic-ai/claude-agent-sdk";
import { createGate } from "@holdpoint/sdk/adapter";
import { type ClaudeGateOptions, resolveOptions } from "../options.js";
import { createJudge } from "./judge.js";
import { OpenRuns } from "./open-runs.js";
import { createSettler } from "./settle.js";
import { SETTLE_SECONDS, secondsToDecide } from "./timeout.js";

/** How tool calls are gated by hooks. */
export interface HoldpointHookOptions extends ClaudeGateOptions {
  /** Gates only tools whose name matches this regular expression. Default: every tool. */
  readonly matcher?: string | undefined;
  /**
   * While nobody has decided: `wait` holds the call, and the process with it. `defer` parks the call
   * and ends the session; {@link resumeFromWebhook} goes on from there. Calls of a subagent are held in
   * either case. Default `wait`.
   */
  readonly whilePending?: "wait" | "defer" | undefined;
}

/** Spread it into `options.hooks` of a query. */
export interface HoldpointHooks {
  PreToolUse: HookCallbackMatcher[];
  PostToolUse: HookCallbackMatcher[];
  PostToolUseFailure: HookCallbackMatcher[];
}

/**
 * Gates Claude's tool calls, whichever tool it is and whatever the permission rules say.
 *
 * A call that a person has to decide is held until they have. Its approval is used up before Claude
 * is let go, and settled when Claude tells how the tool ended; without a word by then the outcome is
 * unknown. The same call again, in this process or another, runs nothing. A hook that fails blocks.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key, or no policy.
 */
export function holdpointHook(options: HoldpointHookOptions): HoldpointHooks {
  const { matcher, whilePending = "wait", ...given } = options;
  const resolved = resolveOptions(given);
  const gate = createGate(resolved);
  const runs = new OpenRuns();
  const judge = createJudge({ gate, options: resolved, runs, whilePending });
  const settler = createSettler(runs, resolved.onError);

  const gates = matcher === undefined ? {} : { matcher };
  const timeout = secondsToDecide(resolved.timeoutMs);
  return {
    PreToolUse: [{ ...gates, timeout, onFailure: "block", hooks: [on("PreToolUse", judge)] }],
    PostToolUse: [
      { ...gates, timeout: SETTLE_SECONDS, hooks: [on("PostToolUse", settler.commit)] },
    ],
    PostToolUseFailure: [
      { ...gates, timeout: SETTLE_SECONDS, hooks: [on("PostToolUseFailure", settler.fail)] },
    ],
  };
}

type InputOf<Event extends HookInput["hook_event_name"]> = Extract<
  HookInput,
  { hook_event_name: Event }
>;

/** A hook that was put under another event by mistake throws, which blocks. */
function on<Event extends HookInput["hook_event_name"]>(
  event: Event,
  callback: (input: InputOf<Event>, signal: AbortSignal) => Promise<SyncHookJSONOutput>,
): HookCallback {
  return async (input, _toolUseId, { signal }) => {
    if (input.hook_event_name === event) return callback(input as InputOf<Event>, signal);
    throw new TypeError(`Expected this hook under ${event}, got ${input.hook_event_name}.`);
  };
}
