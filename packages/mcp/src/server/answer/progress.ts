import type { ServerContext } from "@modelcontextprotocol/server";

/**
 * Tells the client, at once and then again and again, that a person is waited for. Does nothing
 * unless the client asked for progress.
 *
 * @returns ends it.
 */
export function startProgress(
  { mcpReq }: ServerContext,
  { message, intervalMs }: { readonly message: string; readonly intervalMs: number },
): () => void {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => {};
  const startedAtMs = performance.now();
  let last = 0;
  const report = () => {
    // Seconds, and growing each time, as the protocol wants it.
    last = Math.max(last + 0.001, Math.round(performance.now() - startedAtMs) / 1_000);
    const params = { progressToken, progress: last, message };
    // A client that is gone ends the call by itself.
    mcpReq.notify({ method: "notifications/progress", params }).catch(() => {});
  };
  report();
  const timer = setInterval(report, intervalMs);
  return () => clearInterval(timer);
}
