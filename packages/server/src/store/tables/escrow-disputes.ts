import type { WireActor } from "@holdpoint/protocol";
import type { EscrowStage } from "@holdpoint/protocol/escrow";
import { typeidUnboxed } from "typeid-js";
import { ESCROW_CLOCK, type Escrow } from "../../domain/escrow.js";
import { questionOf } from "../../domain/escrow-question.js";
import type { Database, Transaction } from "../database.js";
import type { Vault } from "../sealing/vault.js";
import type { AskedDispute } from "../verbs/escrows.js";
import { toActorColumns } from "./columns.js";
import { type EscrowLoader, REASON, type WholeEscrowRow } from "./escrow-row.js";
import type { EventWriter } from "./event-row.js";
import { prepareRequestQueries } from "./request-queries.js";
import { RequestMapper } from "./request-row.js";

export type EscrowDisputes = ReturnType<typeof createEscrowDisputes>;

/** Puts escrows before a person, within transactions that have locked them. */
export function createEscrowDisputes(
  { dialect }: Database,
  vault: Vault,
  loader: EscrowLoader,
  appendEvent: EventWriter,
) {
  const requests = new RequestMapper(dialect, vault);
  const queries = prepareRequestQueries(dialect);

  /** The request by which a person decides, with its event. */
  async function ask(
    transaction: Transaction,
    escrow: Escrow,
    { by, reason, at }: Asking,
  ): Promise<AskedDispute> {
    const id = typeidUnboxed("req");
    const request = questionOf({ id, escrow, by, at, ...(reason !== undefined && { reason }) });
    const row = requests.toRow(request);
    await queries.insert(transaction, row);
    await appendEvent(transaction, {
      ...requests.toEvent(row),
      type: "request.created",
      at,
      actor: by,
    });
    return { id, projectId: escrow.projectId, expiresAt: request.expiresAt };
  }

  return {
    /** Moves an escrow on to `DISPUTED`, from where it is. */
    async dispute(
      transaction: Transaction,
      row: WholeEscrowRow,
      escrow: Escrow,
      asking: Asking & { readonly step?: string },
    ): Promise<AskedDispute> {
      const asked = await ask(transaction, escrow, asking);
      const { by, reason, step } = asking;
      const steps = step === undefined ? loader.stepsOf(row) : [...loader.stepsOf(row), step];
      const changed = await transaction.db
        .updateTable("escrows")
        .set({
          stage: "DISPUTED" satisfies EscrowStage,
          steps: dialect.encodeJson(steps),
          sealed_reason: reason === undefined ? null : loader.sealOf(row).seal(REASON, reason),
          ...toActorColumns("disputed_by", by),
          dispute_request_id: asked.id,
          due_at: asked.expiresAt,
        })
        .where("id", "=", row.id)
        .where("stage", "=", row.stage)
        .executeTakeFirst();
      if (changed.numUpdatedRows !== 1n) throw new Error("Expected a locked escrow to stand.");
      return asked;
    },
    /** Nobody has answered: the same is asked again, and the money stays held. */
    async askAgain(
      transaction: Transaction,
      row: WholeEscrowRow,
      escrow: Escrow,
      at: number,
    ): Promise<AskedDispute> {
      const { by = ESCROW_CLOCK, reason } = escrow.dispute ?? {};
      const said = reason === undefined ? {} : { reason };
      const asked = await ask(transaction, escrow, { by, at, ...said });
      await transaction.db
        .updateTable("escrows")
        .set({ dispute_request_id: asked.id, due_at: asked.expiresAt })
        .where("id", "=", row.id)
        .where("stage", "=", "DISPUTED")
        .execute();
      return asked;
    },
  };
}

/** Who asks a person, why and when. */
interface Asking {
  readonly by: WireActor;
  readonly reason?: string;
  readonly at: number;
}
