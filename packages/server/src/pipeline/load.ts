import { isFinalStatus } from "@holdpoint/protocol";
import type { Context } from "../context.js";
import type { ProjectCaller } from "../domain/caller.js";
import { ProblemError } from "../domain/problem.js";
import type { Request } from "../domain/request.js";

type Parts = Pick<Context, "store" | "clock" | "expiry" | "leases">;

/**
 * A request as this caller may see it now: an agent sees its own only, and one whose time is over
 * has expired before anybody reads it, as has the lease of one that is being run.
 *
 * @throws {ProblemError} `REQUEST_NOT_FOUND`, also for requests of others.
 */
export async function loadRequest(
  { store, clock, expiry, leases }: Parts,
  caller: ProjectCaller,
  requestId: string,
): Promise<Request> {
  if (leases.isDue) await leases.sweep();
  let request = await store.requests.find(caller.projectId, requestId);
  while (request !== undefined && isOverdue(request, clock.now())) {
    await expiry.sweep();
    request = await store.requests.find(caller.projectId, requestId);
  }
  if (request === undefined || !maySee(caller, request)) throw requestNotFound();
  return request;
}

function isOverdue(request: Request, now: number): boolean {
  return !isFinalStatus(request.status) && request.expiresAt <= now;
}

function maySee(caller: ProjectCaller, request: Request): boolean {
  return caller.type === "operator" || caller.agent.id === request.agent.id;
}

export function requestNotFound(): ProblemError {
  return new ProblemError({
    code: "REQUEST_NOT_FOUND",
    detail:
      "Expected the id of a request that this credential can see. Check the id, the project and the agent.",
  });
}
