import { isFinalStatus } from "@holdpoint/protocol";
import type { Context } from "../context.js";
import type { AgentCaller } from "../domain/caller.js";
import { conflictOf } from "../domain/conflict.js";
import type { Request } from "../domain/request.js";
import { loadRequest } from "./load.js";
import { resolve } from "./resolve.js";

/**
 * Takes an agent's own request back. Cancelling twice is the same as once.
 *
 * @throws {ProblemError} `REQUEST_NOT_FOUND`; `ALREADY_DECIDED` when another answer came first.
 */
export async function cancelRequest(
  context: Context,
  caller: AgentCaller,
  requestId: string,
): Promise<Request> {
  const request = await loadRequest(context, caller, requestId);
  if (request.status === "CANCELLED") return request;
  if (isFinalStatus(request.status)) throw conflictOf(request);
  const decidedBy = { type: "agent" as const, id: caller.agent.id, name: caller.agent.name };
  return resolve(context, caller, request, {
    status: "CANCELLED",
    decidedBy,
    at: context.clock.now(),
  });
}
