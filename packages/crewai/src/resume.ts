import type { Holdpoint, WebhookHandler, WebhookHandlerOptions } from "@holdpoint/sdk";

/** Which run has an answer. */
export interface AnsweredRun {
  readonly runId: string;
  /** The request (`req_…`) that was answered. */
  readonly requestId: string;
}

export interface ResumeFromWebhookOptions extends Omit<WebhookHandlerOptions, "on"> {
  readonly holdpoint: Holdpoint;
  /** Only requests of this service: the one that the tools are gated for. */
  readonly service: string;
  /** Runs the crew again, under the same run id. When it throws, the webhook comes again. */
  readonly resume: (run: AnsweredRun) => unknown;
}

/**
 * A webhook handler that has a crew run again, in whichever process it reaches. Calls that were
 * answered meanwhile are found: they run once, or are refused; those that have run answer with their
 * result on record.
 */
export function resumeFromWebhook({
  holdpoint,
  service,
  resume,
  ...options
}: ResumeFromWebhookOptions): WebhookHandler {
  return holdpoint.webhooks.handler({
    ...options,
    on: async (event) => {
      if (!("decision" in event) || "execution" in event) return;
      const { id: requestId, runId, service: asked } = event.request;
      if (asked === service && runId !== undefined) await resume({ runId, requestId });
    },
  });
}
