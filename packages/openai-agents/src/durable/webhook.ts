import type { WebhookHandler, WebhookHandlerOptions } from "@holdpoint/sdk";
import { createResumeHandler } from "@holdpoint/sdk/adapter";
import type { RunResult } from "@openai/agents";
import type { AnyAgent, DurableParts, InterruptedResult, ParkedRun } from "./parts.js";
import { type ResumeRunOptions, resumeRun } from "./resume.js";

/** How a webhook wakes a parked run. */
export interface ResumeFromWebhookOptions<
  Context,
  TAgent extends AnyAgent,
  Result extends InterruptedResult<Context> = RunResult<Context, TAgent>,
> extends ResumeRunOptions<Context, TAgent, Result>,
    Omit<WebhookHandlerOptions, "on"> {
  /**
   * Given the result. When it has `interruptions` again, they have been asked and parked. Once it
   * throws the event comes again, and finds what ran on record.
   */
  readonly onResult?: ((result: Result) => unknown) | undefined;
}

/** A webhook handler that goes on with the runs a gate has parked. */
export function createRunHandler<
  Context,
  TAgent extends AnyAgent,
  Result extends InterruptedResult<Context>,
>(
  parts: DurableParts<Context>,
  { agent, run, context, onResult, ...handling }: ResumeFromWebhookOptions<Context, TAgent, Result>,
): WebhookHandler {
  return createResumeHandler<ParkedRun>(parts.gate, {
    ...handling,
    adapter: parts.adapter,
    async resume({ data }) {
      const result = await resumeRun(parts, data.state, { agent, run, context });
      await onResult?.(result);
    },
  });
}
