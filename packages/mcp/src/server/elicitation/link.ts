import type { ServerContext } from "@modelcontextprotocol/server";
import { opensLinks } from "../client.js";
import type { AskedRequest, ServerParts } from "../parts.js";

/** What a policy decides is decided by then, and needs no link. */
const SHOW_AFTER_MS = 500;

/**
 * Has a client of the 2025 revisions show the link while the call waits: a request from here to the
 * client, beside the wait and never longer than it. Whatever the client answers changes nothing:
 * `accept` means that the link was opened.
 *
 * @returns takes the link back; with `isDecided`, tells the client that it has served.
 */
export function startLink(
  parts: ServerParts,
  context: ServerContext,
  { id, url, name }: AskedRequest,
): (isDecided: boolean) => void {
  if (parts.era !== "legacy" || !opensLinks(parts, context)) return () => {};
  const over = new AbortController();
  let isShown = false;
  const timer = setTimeout(() => {
    isShown = true;
    const params = { mode: "url", elicitationId: id, message: linkMessage(name), url } as const;
    // On the stream of the call itself: the one for all else may not be there yet, over HTTP.
    const options = { signal: over.signal, relatedRequestId: context.mcpReq.id };
    // A client that declines, fails or never answers is waited for no longer than the person is.
    context.mcpReq.elicitInput(params, options).catch(() => {});
  }, SHOW_AFTER_MS);
  return (isDecided) => {
    clearTimeout(timer);
    if (!isShown) return;
    if (isDecided) notifyComplete(parts, context, id);
    over.abort("The call no longer waits.");
  };
}

function notifyComplete({ server }: ServerParts, { mcpReq }: ServerContext, id: string): void {
  const options = { relatedRequestId: mcpReq.id };
  server.server
    .createElicitationCompletionNotifier(id, options)()
    .catch(() => {});
}

/** What the client shows beside the link. */
export function linkMessage(name: string): string {
  return `A person has to decide ${name} before it may run. Open the request in Holdpoint to approve, edit or reject it.`;
}
