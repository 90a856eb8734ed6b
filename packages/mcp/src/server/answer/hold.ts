import type { ServerContext } from "@modelcontextprotocol/server";
import { startLink } from "../elicitation/link.js";
import type { AskedRequest, ServerParts } from "../parts.js";
import { startProgress } from "./progress.js";
import { type Waited, waitInPlace } from "./wait.js";

/**
 * Holds a tool call until a person has decided or its time is over, with signs of life for clients
 * that ask for them. When the client cancels, the wait ends; the request stays open.
 *
 * @param options.showLink - Also has clients of the 2025 revisions show the link meanwhile.
 * @throws the client's reason, when it cancels.
 */
export async function holdCall(
  parts: ServerParts,
  context: ServerContext,
  request: AskedRequest,
  options: { readonly waitMs: number; readonly showLink: boolean },
): Promise<Waited> {
  const { holdpoint, settings } = parts;
  const { signal } = context.mcpReq;
  const endProgress = startProgress(context, {
    message: `Waiting for a person to decide ${request.name}`,
    intervalMs: settings.progressIntervalMs,
  });
  const endLink = options.showLink ? startLink(parts, context, request) : () => {};
  let isDecided = false;
  try {
    const waited = await waitInPlace(holdpoint, request.id, { waitMs: options.waitMs, signal });
    isDecided = waited.decision !== undefined;
    return waited;
  } finally {
    endProgress();
    endLink(isDecided);
  }
}
