import type { setKillSwitchSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../context.js";
import { operatorActor } from "../../domain/actor.js";
import type { MemberCaller } from "../../domain/caller.js";
import { assertAdmin, assertMayDecide } from "../../domain/roles.js";
import type { KillSwitch } from "../../store/verbs/spend-limits.js";
import { loadTarget } from "./target.js";

/**
 * Stops an agent's or a project's spending at once, or lets it go on. What is held stays held, and
 * what was paid can still be confirmed.
 *
 * @throws {ProblemError} `ROLE_REQUIRED`: an approver may stop, only an admin may let go on;
 *   `RESOURCE_NOT_FOUND`: no such agent.
 */
export async function setKillSwitch(
  context: Context,
  caller: MemberCaller,
  { agent_id, stopped, reason }: z.output<typeof setKillSwitchSchema>,
): Promise<KillSwitch> {
  if (stopped) assertMayDecide(caller, undefined);
  else assertAdmin(caller);
  const target = await loadTarget(context, caller, agent_id);
  return context.store.killSwitches.set({
    ...target,
    stopped,
    ...(reason !== undefined && { reason }),
    changedAt: context.clock.now(),
    changedBy: operatorActor(caller.operator),
  });
}
