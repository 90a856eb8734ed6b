import { ESCROW_CLOCK, type Escrow, statusOf } from "../../domain/escrow.js";
import type { Database, Transaction } from "../database.js";
import type { AskedDispute, EscrowStore } from "../verbs/escrows.js";
import type { EscrowDisputes } from "./escrow-disputes.js";
import { type EscrowLoader, selectEscrows, type WholeEscrowRow } from "./escrow-row.js";
import { prepareRequestQueries } from "./request-queries.js";

/** How long after a request's own end its escrow is looked at again, in milliseconds. */
const AFTER_MS = 1_000;

/** Puts before a person what has run out of time. */
export function createEscrowClock(
  database: Database,
  loader: EscrowLoader,
  disputes: EscrowDisputes,
): Pick<EscrowStore, "askDue" | "nextDue"> {
  const { dialect } = database;
  const queries = prepareRequestQueries(dialect);

  async function askOne(
    transaction: Transaction,
    id: string,
    now: number,
  ): Promise<AskedDispute | undefined> {
    const row = await dialect
      .lockRows(
        transaction.db.selectFrom("escrows").select(["id", "due_at"]).where("id", "=", id),
        "wait",
      )
      .executeTakeFirst();
    if (row === undefined || row.due_at === null) return undefined;
    if (dialect.decodeInteger(row.due_at) > now) return undefined;
    const whole = await selectEscrows(transaction).where("escrows.id", "=", id).executeTakeFirst();
    return whole && look(transaction, whole, await loader.load(transaction, whole), now);
  }

  async function look(
    transaction: Transaction,
    row: WholeEscrowRow,
    escrow: Escrow,
    now: number,
  ): Promise<AskedDispute | undefined> {
    switch (statusOf(escrow)) {
      case "OPEN":
      case "FULFILLED":
        return disputes.dispute(transaction, row, escrow, { by: ESCROW_CLOCK, at: now });
      case "DISPUTED": {
        const until = await openUntil(transaction, row);
        if (until === undefined) return disputes.askAgain(transaction, row, escrow, now);
        await lookAgain(transaction, row.id, Math.max(until, now) + AFTER_MS);
        return undefined;
      }
      case "PENDING": {
        const { expiresAt } = escrow.purchase.request;
        await lookAgain(transaction, row.id, Math.max(expiresAt, now) + AFTER_MS);
        return undefined;
      }
      default:
        await lookAgain(transaction, row.id, null);
        return undefined;
    }
  }

  /** Until when the question may be answered; `undefined` once it has expired. */
  async function openUntil(
    transaction: Transaction,
    { project_id, dispute_request_id: requestId }: WholeEscrowRow,
  ): Promise<number | undefined> {
    if (requestId === null) return undefined;
    const { rows } = await queries.find(transaction, { project_id, id: requestId });
    const [request] = rows;
    return request?.status === "PENDING" ? dialect.decodeInteger(request.expires_at) : undefined;
  }

  async function lookAgain({ db }: Transaction, escrowId: string, at: number | null) {
    await db.updateTable("escrows").set({ due_at: at }).where("id", "=", escrowId).execute();
  }

  return {
    async askDue(now, limit) {
      const due = await database.read(({ db }) =>
        db
          .selectFrom("escrows")
          .select("id")
          .where("due_at", "is not", null)
          .where("due_at", "<=", now)
          .orderBy("due_at")
          .limit(limit)
          .execute(),
      );
      const asked = await Promise.all(
        due.map((row) => database.write((transaction) => askOne(transaction, row.id, now))),
      );
      return { due: due.length, asked: asked.flatMap((one) => one ?? []) };
    },
    async nextDue() {
      const row = await database.read(({ db }) =>
        db
          .selectFrom("escrows")
          .select("due_at")
          .where("due_at", "is not", null)
          .orderBy("due_at")
          .limit(1)
          .executeTakeFirst(),
      );
      return row?.due_at == null ? undefined : dialect.decodeInteger(row.due_at);
    },
  };
}
