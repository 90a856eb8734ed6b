import type { PreToolUseHookInput } from "@anthropic-ai/claude-agent-sdk";
import type { GatedCall, ParkedTurn } from "@holdpoint/sdk/adapter";

/** Names what this package parks. */
export const ADAPTER = "claude-agent";

/** Where Claude has put the session. The session itself stays on Claude's disk. */
export interface ParkedSession {
  readonly sessionId: string;
  readonly cwd: string;
}

/** What is parked with a deferred call: Claude keeps one for each turn. */
export function turnOf(
  { tool, args, toolCallId, runId }: GatedCall,
  { session_id, cwd }: PreToolUseHookInput,
): ParkedTurn<ParkedSession> {
  const call = { tool, args, toolCallId, ...(runId !== undefined && { runId }) };
  return { adapter: ADAPTER, calls: [call], data: { sessionId: session_id, cwd } };
}
