import type { Context } from "../context.js";
import type { ProjectCaller } from "../domain/caller.js";
import { conflictOf } from "../domain/conflict.js";
import type { Request, Resolution } from "../domain/request.js";
import { SPEND_SERVICE } from "../domain/spend/purchase.js";
import { loadRequest, requestNotFound } from "./load.js";

/**
 * Moves a request out of `PENDING`, as it was when it was judged, and wakes who waits. Where several
 * people have to approve and others are yet to, it stays there.
 *
 * @throws {ProblemError} `ALREADY_DECIDED` or `REVISION_CONFLICT` when somebody else was first;
 *   expiry counts as somebody.
 */
export async function resolve(
  context: Context,
  caller: ProjectCaller,
  request: Request,
  resolution: Resolution,
): Promise<Request> {
  const { store, wakeups, metrics } = context;
  const { projectId, id, revision } = request;
  const result = await store.requests.resolve(projectId, id, revision, resolution);
  if (result === undefined) throw requestNotFound();
  // Read again rather than trust what lost: it may have lost to its expiry, which is yet to settle.
  if (result.outcome === "lost") throw conflictOf(await loadRequest(context, caller, id));
  if (result.outcome === "endorsed") {
    wakeups.notify(result.request);
    return result.request;
  }
  metrics.observeResolution(result.request.status);
  watchHold(context, result.request);
  wakeups.notify(result.request, result.request);
  return result.request;
}

/** What a person lets a purchase spend is held as long as its grant lasts. */
function watchHold({ holds }: Context, { service, grant }: Request): void {
  if (service === SPEND_SERVICE && grant !== undefined) holds.watch(grant.expiresAt);
}
