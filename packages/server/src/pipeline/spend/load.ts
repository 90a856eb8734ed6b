import { isFinalStatus } from "@holdpoint/protocol";
import type { Context } from "../../context.js";
import type { ProjectCaller } from "../../domain/caller.js";
import { purchaseNotFound } from "../../domain/spend/problem.js";
import type { Purchase } from "../../domain/spend/purchase.js";

type Parts = Pick<Context, "store" | "clock" | "expiry" | "holds" | "leases">;

/**
 * A purchase as this caller may see it now: an agent sees its own only, and what is over by its time
 * is over before anybody reads it.
 *
 * @throws {ProblemError} `PURCHASE_NOT_FOUND`, also for purchases of others.
 */
export async function loadPurchase(
  parts: Parts,
  caller: ProjectCaller,
  requestId: string,
): Promise<Purchase> {
  const { store, clock, expiry, holds, leases } = parts;
  if (leases.isDue) await leases.sweep();
  let purchase = await store.purchases.find(caller.projectId, requestId);
  while (purchase !== undefined && isOverdue(purchase, clock.now())) {
    await Promise.all([expiry.sweep(), holds.sweep()]);
    purchase = await store.purchases.find(caller.projectId, requestId);
  }
  if (purchase === undefined || !maySee(caller, purchase)) throw purchaseNotFound();
  return purchase;
}

/** Gives back what is held beyond its time. */
export async function sweepSpend({
  expiry,
  holds,
  leases,
}: Pick<Parts, "expiry" | "holds" | "leases">): Promise<void> {
  if (expiry.isDue) await expiry.sweep();
  if (leases.isDue) await leases.sweep();
  if (holds.isDue) await holds.sweep();
}

function isOverdue({ request, hold, holdExpiresAt }: Purchase, now: number): boolean {
  if (!isFinalStatus(request.status)) return request.expiresAt <= now;
  return hold === "HELD" && holdExpiresAt !== undefined && holdExpiresAt <= now;
}

function maySee(caller: ProjectCaller, { request }: Purchase): boolean {
  return caller.type === "operator" || caller.agent.id === request.agent.id;
}
