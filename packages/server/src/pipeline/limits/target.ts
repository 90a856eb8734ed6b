import type { Context } from "../../context.js";
import type { MemberCaller } from "../../domain/caller.js";
import { assertFound } from "../../domain/found.js";
import type { SpendTarget } from "../../store/verbs/spend-limits.js";

/**
 * The agent that a limit is about, or the caller's whole project.
 *
 * @throws {ProblemError} `RESOURCE_NOT_FOUND`: no such agent in the project.
 */
export async function loadTarget(
  { store }: Pick<Context, "store">,
  { projectId }: MemberCaller,
  agentId: string | undefined,
): Promise<SpendTarget> {
  if (agentId === undefined) return { projectId };
  const agent = assertFound(await store.agents.find(projectId, agentId), "an agent");
  return { projectId, agentId: agent.id };
}
