import type { RequestEventType } from "@holdpoint/protocol";
import type { EscrowStage } from "@holdpoint/protocol/escrow";
import { DISPUTE_ACTION, ESCROW_ACTION } from "../../domain/escrow.js";
import { disputeStands, escrowNotEditable, onlyByItsSteps } from "../../domain/escrow-problem.js";
import type { RequestEvent } from "../../domain/event.js";
import { SPEND_SERVICE } from "../../domain/spend/purchase.js";
import type { Database, Transaction } from "../database.js";
import type { EscrowMoney } from "./escrow-money.js";
import type { EventWriter } from "./event-row.js";

type Follower = (transaction: Transaction, event: RequestEvent) => Promise<void>;

/**
 * Lets an escrow follow its two requests: the one that holds its money, which nothing but its own
 * steps may end once it is approved, and the one by which a person decides. In the transaction of
 * what happened, and undone with it.
 *
 * @throws {ProblemError} (within the transaction) `ESCROW_CONFLICT` for a claim, and for a dispute
 *   taken back; `PATCH_INVALID` for an edit of what is signed.
 */
export function createEscrowFollower({ dialect }: Database, money: EscrowMoney): EventWriter {
  const refuseRun: Follower = async (transaction, event) => {
    if (await holdsEscrow(transaction, event)) throw onlyByItsSteps();
  };

  const approveHold: Follower = async (transaction, event) => {
    if (!(await holdsEscrow(transaction, event))) return;
    if (event.status === "APPROVED_WITH_MODIFICATIONS") throw escrowNotEditable();
    await money.holdOpenEnded(transaction, event.requestId);
  };

  const refuseCancel: Follower = async (transaction, event) => {
    if ((await lockDisputed(transaction, event)) !== undefined) throw disputeStands();
  };

  /** The answer moves the money itself: there is nothing to run. */
  const refuseAnswerRun: Follower = async (transaction, event) => {
    if ((await lockDisputed(transaction, event)) !== undefined) throw onlyByItsSteps();
  };

  const end =
    (stage: "RELEASED" | "RETURNED"): Follower =>
    async (transaction, event) => {
      const row = await lockDisputed(transaction, event);
      if (row === undefined) return;
      const { at, actor } = event;
      const changed = await transaction.db
        .updateTable("escrows")
        .set({ stage: stage satisfies EscrowStage, ended_at: at, due_at: null })
        .where("id", "=", row.id)
        .where("stage", "=", "DISPUTED")
        .executeTakeFirst();
      if (changed.numUpdatedRows !== 1n) throw new Error("Expected a locked escrow to stand.");
      const move = stage === "RELEASED" ? money.release : money.giveBack;
      await move.call(money, transaction, row, { at, actor });
    };

  /** The escrow that a question is about; `undefined` for a request that only looks like one. */
  async function lockDisputed({ db }: Transaction, { projectId, requestId }: RequestEvent) {
    return dialect
      .lockRows(
        db
          .selectFrom("escrows")
          .select(["id", "project_id", "request_id", "payee_agent_id"])
          .where("dispute_request_id", "=", requestId)
          .where("project_id", "=", projectId),
        "wait",
      )
      .executeTakeFirst();
  }

  async function holdsEscrow({ db }: Transaction, { requestId }: RequestEvent): Promise<boolean> {
    const row = await db
      .selectFrom("escrows")
      .select("id")
      .where("request_id", "=", requestId)
      .executeTakeFirst();
    return row !== undefined;
  }

  const followers: Readonly<Record<string, { readonly [type in RequestEventType]?: Follower }>> = {
    [ESCROW_ACTION]: { "request.approved": approveHold, "execution.claimed": refuseRun },
    [DISPUTE_ACTION]: {
      "request.approved": end("RELEASED"),
      "request.rejected": end("RETURNED"),
      "request.cancelled": refuseCancel,
      "execution.claimed": refuseAnswerRun,
    },
  };

  return async (transaction, event) => {
    if (event.service !== SPEND_SERVICE) return;
    await followers[event.action]?.[event.type]?.(transaction, event);
  };
}
