import type { WireReceipt } from "@holdpoint/protocol";
import type { Context } from "../context.js";
import type { ProjectCaller } from "../domain/caller.js";
import { ProblemError } from "../domain/problem.js";
import { hashRange, inclusionRanges, tilesOf } from "../receipts/tree/proof.js";
import type { LogStore } from "../store/verbs/log.js";
import type { StoredReceipt } from "../store/verbs/receipts.js";

/**
 * A receipt that the caller may see, taken into the log first if need be.
 *
 * @throws {ProblemError} `RECEIPT_NOT_FOUND`, also for another agent's: that it exists is not said.
 */
export async function loadReceipt(
  context: Context,
  caller: ProjectCaller,
  id: string,
): Promise<StoredReceipt> {
  const { receipts } = context.store;
  const receipt = await receipts.find(caller.projectId, id);
  if (receipt === undefined || (caller.type === "agent" && caller.agent.id !== receipt.agentId)) {
    throw new ProblemError({
      code: "RECEIPT_NOT_FOUND",
      detail:
        "Expected the id of a receipt of this project, and for an agent of its own requests. The events of a request name theirs.",
    });
  }
  if (receipt.logIndex !== undefined) return receipt;
  await context.sequencer.flush();
  return (await receipts.find(caller.projectId, id)) ?? receipt;
}

/** Proves that a receipt stands in the log, against its newest checkpoint. */
export async function proveInclusion(
  log: LogStore,
  index: number,
): Promise<NonNullable<WireReceipt["log"]>> {
  const { size, checkpoint } = await log.head();
  const ranges = inclusionRanges(index, size);
  // Tiles only grow, so that those read after the head hold at least what it needs.
  const tiles = await log.tiles(tilesOf(ranges));
  const proof = ranges.map((range) => Buffer.from(hashRange(range, tiles)).toString("base64"));
  return { index, inclusion_proof: proof, checkpoint };
}
