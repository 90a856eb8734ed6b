import type { WebhookHandler, WebhookHandlerOptions } from "@holdpoint/sdk";
import { createGate, createResumeHandler, type ParkedTurn } from "@holdpoint/sdk/adapter";
import type { ClaudeGateOptions } from "../options.js";
import { ADAPTER, type ParkedSession } from "./turn.js";

/** A session that ended with a deferred call, which has its answer now. */
export interface DeferredSession {
  /** To be resumed with `options.resume`. */
  readonly sessionId: string;
  /** Where it ran: Claude finds a session only from there. */
  readonly cwd: string;
  readonly toolUseId: string;
  /** The tool, as the model knows it. */
  readonly tool: string;
  readonly input: unknown;
}

/** What {@link resumeFromWebhook} needs: the hook's own options, and how to go on. */
export interface ResumeFromWebhookOptions
  extends ClaudeGateOptions,
    Omit<WebhookHandlerOptions, "on" | "onError"> {
  /**
   * Resumes the session, with {@link keepOpen} as its prompt and the same hook. When it throws, the
   * event comes again.
   */
  readonly resume: (session: DeferredSession) => unknown;
}

/**
 * A webhook handler that goes on from deferred sessions, in whichever process it reaches: the one
 * that has Claude's session files. It resumes a session once, when its call has its answer.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key, no policy, or no secret.
 */
export function resumeFromWebhook(options: ResumeFromWebhookOptions): WebhookHandler {
  const { resume, secret, seen, onError, ...given } = options;
  return createResumeHandler<ParkedSession>(createGate(given), {
    adapter: ADAPTER,
    ...(secret !== undefined && { secret }),
    ...(seen !== undefined && { seen }),
    ...(onError !== undefined && { onError }),
    resume: (turn) => resume(sessionOf(turn)),
  });
}

function sessionOf({ calls: [call], data }: ParkedTurn<ParkedSession>): DeferredSession {
  if (call === undefined) throw new TypeError("Expected the call that was deferred, got none.");
  const { toolCallId, tool, args } = call;
  return { ...data, toolUseId: toolCallId, tool, input: args };
}
