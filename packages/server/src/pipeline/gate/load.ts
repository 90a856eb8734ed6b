import { isFinalStatus } from "@holdpoint/protocol";
import type { Context } from "../../context.js";
import type { AgentCaller } from "../../domain/caller.js";
import type { GateCall } from "../../domain/gate/call.js";
import { isOverdue } from "../executions/load.js";
import { requestNotFound } from "../load.js";

type Parts = Pick<Context, "store" | "clock" | "expiry" | "leases">;

/** A call of this project as it stands now: what is over by its time is over before anybody reads it. */
export async function findCall(
  { store, clock, expiry, leases }: Parts,
  projectId: string,
  requestId: string,
): Promise<GateCall | undefined> {
  for (;;) {
    const call = await store.gateCalls.find(projectId, requestId);
    if (call === undefined) return undefined;
    const { request, execution } = call;
    if (!isFinalStatus(request.status) && request.expiresAt <= clock.now()) await expiry.sweep();
    else if (execution !== undefined && isOverdue(execution, clock.now())) await leases.sweep();
    else return call;
  }
}

/**
 * A call of the agent's own.
 *
 * @throws {ProblemError} `REQUEST_NOT_FOUND`, also for calls of others and requests that are no calls.
 */
export async function loadCall(
  parts: Parts,
  { projectId, agent }: AgentCaller,
  requestId: string,
): Promise<GateCall> {
  const call = await findCall(parts, projectId, requestId);
  if (call?.request.agent.id !== agent.id) throw requestNotFound();
  return call;
}
