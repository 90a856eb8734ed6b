import type { Context } from "../../context.js";
import { returnsOutput } from "../../domain/gate/action.js";
import type { GateCall } from "../../domain/gate/call.js";

/** Whether the agent gets what a call gave: as the manifest says that it ran by. */
export async function mayReturnOutput(
  { store }: Pick<Context, "store">,
  { request, action }: GateCall,
): Promise<boolean> {
  const pinned = await store.actions.find(request.projectId, action.id, action.digest);
  return pinned !== undefined && returnsOutput(pinned);
}
