import type { Context } from "../../../context.js";
import type { ProjectCaller } from "../../../domain/caller.js";
import type { Action } from "../../../domain/gate/action.js";
import { actionNotFound } from "../../../domain/gate/problem.js";
import { reachesAction } from "../../../domain/identity/scopes.js";

/** The actions in use that this caller may see: an agent those its scopes reach. */
export async function listActions(
  { store }: Context,
  caller: ProjectCaller,
): Promise<readonly Action[]> {
  const actions = await store.actions.list(caller.projectId);
  return actions.filter(({ id }) => maySee(caller, id));
}

/**
 * One of them; with a digest that version of it.
 *
 * @throws {ProblemError} `ACTION_NOT_FOUND`, also for one that the caller may not see.
 */
export async function findAction(
  { store }: Context,
  caller: ProjectCaller,
  actionId: string,
  digest?: string,
): Promise<Action> {
  if (!maySee(caller, actionId)) throw actionNotFound();
  const action = await store.actions.find(caller.projectId, actionId, digest);
  if (action === undefined) throw actionNotFound();
  return action;
}

function maySee(caller: ProjectCaller, actionId: string): boolean {
  return caller.type === "operator" || reachesAction(caller.scopes, actionId);
}
