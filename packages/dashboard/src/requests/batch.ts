import type { WireRequest } from "@holdpoint/protocol";
import { explainError, isServerError } from "../server/error.js";
import { outcomeText } from "./status.js";

/** How one decision of a batch went. */
export type ItemResult =
  | { readonly state: "running" }
  | { readonly state: "done"; readonly request: WireRequest }
  | { readonly state: "failed"; readonly message: string };

/** As many at once as keeps the order readable and the server unbothered. */
const AT_ONCE = 4;

/**
 * Decides each request on its own and reports each as it ends. One that fails stops no other:
 * they are independent actions.
 */
export async function decideEach(
  requests: readonly WireRequest[],
  decide: (request: WireRequest) => Promise<WireRequest>,
  report: (requestId: string, result: ItemResult) => void,
): Promise<void> {
  const queue = [...requests];
  const work = async () => {
    for (let request = queue.shift(); request; request = queue.shift()) {
      report(request.id, { state: "running" });
      report(request.id, await settle(request, decide));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function settle(
  request: WireRequest,
  decide: (request: WireRequest) => Promise<WireRequest>,
): Promise<ItemResult> {
  try {
    return { state: "done", request: await decide(request) };
  } catch (error) {
    return { state: "failed", message: conflictText(error) ?? explainError(error) };
  }
}

/** `Already approved by Ada`, when somebody else was first; `undefined` for any other failure. */
export function conflictText(error: unknown): string | undefined {
  if (!isServerError(error, "ALREADY_DECIDED", "REVISION_CONFLICT")) return undefined;
  const current = error.problem?.current;
  if (error.code === "REVISION_CONFLICT" || current === undefined) {
    return "It changed while you were looking. Read it again.";
  }
  const outcome = outcomeText(current.status, current.decided_by);
  return `Already ${outcome.charAt(0).toLowerCase()}${outcome.slice(1)}`;
}
