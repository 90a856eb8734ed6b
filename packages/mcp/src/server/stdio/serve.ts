import type { McpServerFactory } from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";

/**
 * Serves one client over standard input and output, till it closes its end or `stopped` aborts.
 * Calls that are held then end unanswered; their requests stay open.
 */
export async function runStdio(
  factory: McpServerFactory,
  { stopped, onError }: { readonly stopped: AbortSignal; readonly onError: (error: Error) => void },
): Promise<void> {
  const transport = new StdioServerTransport();
  const handle = serveStdio(factory, { transport, onerror: onError });
  // The entry point owns the transport's callbacks, so the end of a stream is seen at its source.
  await new Promise<void>((resolve) => {
    for (const event of ["end", "close"]) process.stdin.once(event, () => resolve());
    // A host that is gone reads no more.
    process.stdout.once("error", () => resolve());
    if (stopped.aborted) resolve();
    else stopped.addEventListener("abort", () => resolve(), { once: true });
  });
  await handle.close();
}
