import type { WebhookHandler } from "@holdpoint/sdk";
import {
  createGate,
  createResumeHandler,
  type GateOptions,
  type ParkedTurn,
  type ResumeOptions,
} from "@holdpoint/sdk/adapter";
import type { ModelMessage } from "ai";
import { gateTools } from "../gate-tools.js";
import type { Tools } from "../tools.js";
import { answerApprovals } from "./answer.js";
import { unpackMessages } from "./messages.js";
import { ADAPTER, type ParkedRun } from "./park.js";

/** How parked runs are gone on from. The gate's options are those the runs were gated with. */
export interface ResumeFromWebhookOptions<TOOLS extends Tools>
  extends Omit<GateOptions, "runId" | "onPending">,
    Pick<ResumeOptions<ParkedRun>, "secret" | "seen" | "onError"> {
  /** The tools as you have them, not gated; or how to get those of a conversation. */
  readonly tools: TOOLS | ((runId: string) => TOOLS | Promise<TOOLS>);
  /** Goes on: `generateText` or `streamText`, with these tools and messages. */
  readonly resume: (run: ResumedRun<TOOLS>) => unknown;
}

/** A run that has all its answers. */
export interface ResumedRun<TOOLS extends Tools> {
  /** The conversation. */
  readonly runId: string;
  /** The tools, gated as before: an approved call runs once, and one that is not does not. */
  readonly tools: TOOLS;
  /** The messages as they were parked, with the answers as the framework takes them. */
  readonly messages: ModelMessage[];
}

/**
 * A webhook handler, for a fetch-style route, that goes on from runs which {@link parkApprovals}
 * has parked: in whichever process it reaches, when the last of a run's calls is answered, and once.
 * When `resume` throws, the webhook comes again; what has run by then does not run again.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key, or no policy.
 */
export function resumeFromWebhook<TOOLS extends Tools>({
  tools,
  resume,
  secret,
  seen,
  onError,
  ...gating
}: ResumeFromWebhookOptions<TOOLS>): WebhookHandler {
  const gate = createGate(gating);
  return createResumeHandler<ParkedRun>(gate, {
    adapter: ADAPTER,
    ...(secret !== undefined && { secret }),
    ...(seen && { seen }),
    ...(onError && { onError }),
    async resume({ data }: ParkedTurn<ParkedRun>) {
      const { runId } = data;
      const bare = typeof tools === "function" ? await tools(runId) : tools;
      const gated = gateTools(bare, { ...gating, holdpoint: gate.holdpoint, runId, durable: true });
      const messages = unpackMessages(data.messages);
      const answered = await answerApprovals({ tools: gated, messages });
      await resume({ runId, tools: gated, messages: answered });
    },
  });
}
