import type { Context } from "../../../context.js";
import type { ProjectCaller } from "../../../domain/caller.js";
import type { Escrow } from "../../../domain/escrow.js";
import { escrowNotFound } from "../../../domain/escrow-problem.js";
import { sweepSpend } from "../load.js";

/**
 * An escrow as this caller may see it now: an agent sees those it pays or is paid by, and what has
 * run out of time is before a person before anybody reads it.
 *
 * @throws {ProblemError} `ESCROW_NOT_FOUND`, also for escrows of others.
 */
export async function loadEscrow(
  context: Context,
  caller: ProjectCaller,
  escrowId: string,
): Promise<Escrow> {
  await sweepEscrows(context);
  const escrow = await context.store.escrows.find(caller.projectId, escrowId);
  if (escrow === undefined || !maySee(caller, escrow)) throw escrowNotFound();
  return escrow;
}

/** Puts before a person what has run out of time, once what has expired is gone. */
export async function sweepEscrows(context: Context): Promise<void> {
  await sweepSpend(context);
  if (context.escrows.isDue) await context.escrows.sweep();
}

function maySee(caller: ProjectCaller, { payer, payee }: Escrow): boolean {
  return caller.type === "operator" || [payer.id, payee.id].includes(caller.agent.id);
}
