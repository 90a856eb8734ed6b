import type { JsonValue } from "@holdpoint/sdk";
import { type PendingCall, parkTurn } from "@holdpoint/sdk/adapter";
import type { ModelMessage } from "ai";
import type { Tools } from "../tools.js";
import { composeCalls } from "./calls.js";
import { packMessages } from "./messages.js";
import { listOpenApprovals } from "./open.js";

/** Names this adapter in what it parks. */
export const ADAPTER = "ai-sdk";

/** What is parked with every question of a run. */
export interface ParkedRun {
  readonly runId: string;
  readonly messages: JsonValue;
}

export interface ParkApprovalsOptions {
  /** The tools of the run, from `gateTools` with `durable: true`. */
  readonly tools: Tools;
  /**
   * All messages of the conversation, those of the run included: with ai 7 its `responseMessages`,
   * with ai 6 its `response.messages`. As the server has them, never as a client sends them.
   */
  readonly messages: readonly ModelMessage[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Puts every approval request a run has ended with before people, and parks the messages with each.
 * Then the process may end. Safe to repeat: the same calls ask once.
 *
 * @returns the questions; none when the run has not ended with an approval request.
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: a request is for a tool that is not gated,
 *   or not durable.
 */
export async function parkApprovals({
  tools,
  messages,
  signal,
}: ParkApprovalsOptions): Promise<readonly PendingCall[]> {
  const approvals = listOpenApprovals(messages);
  if (approvals.length === 0) return [];
  const { gate, runId, calls } = await composeCalls(tools, approvals, signal);
  const data: ParkedRun = { runId, messages: packMessages(messages) };
  return parkTurn(gate, { adapter: ADAPTER, calls, data });
}
