import { type Escrow, type NewEscrow, passingOnFault, statusOf } from "../../domain/escrow.js";
import { escrowConflict, faultProblem } from "../../domain/escrow-problem.js";
import type { ProblemError } from "../../domain/problem.js";
import type { NewPurchase } from "../../domain/spend/purchase.js";
import type { Database, Transaction } from "../database.js";
import type { EscrowStore } from "../verbs/escrows.js";
import type { PurchaseStore } from "../verbs/purchases.js";
import type { EscrowMoney } from "./escrow-money.js";
import { type EscrowLoader, selectEscrows } from "./escrow-row.js";

type CreatePurchase = (
  transaction: Transaction,
  purchase: NewPurchase,
) => ReturnType<PurchaseStore["create"]>;

/**
 * Opens escrows. Locks come in this order: the escrow that is passed on from, then those of a
 * purchase.
 */
export function createEscrowOpening(
  { dialect, write }: Database,
  loader: EscrowLoader,
  money: EscrowMoney,
  createPurchase: CreatePurchase,
): EscrowStore["open"] {
  async function open(
    transaction: Transaction,
    purchase: NewPurchase,
    escrow: NewEscrow,
  ): ReturnType<EscrowStore["open"]> {
    const rootId = await rootOf(transaction, escrow);
    const made = await createPurchase(transaction, purchase);
    if (!("purchase" in made)) return made;
    if (made.outcome === "replayed") {
      const standing = await find(transaction, escrow.opening.escrow_id);
      const isSame = standing?.purchase.request.id === purchase.request.id;
      return standing && isSame
        ? { outcome: "replayed", escrow: standing }
        : { outcome: "conflict" };
    }
    await insert(transaction, escrow, rootId, purchase.request.createdAt);
    const opened = await find(transaction, escrow.opening.escrow_id);
    if (opened === undefined) throw new Error("Expected the escrow that was just made.");
    return { outcome: "opened", escrow: opened };
  }

  /** The first of its chain. What it passes on from is locked, so that its children are counted. */
  async function rootOf(transaction: Transaction, { opening }: NewEscrow): Promise<string> {
    if (opening.parent === undefined) return opening.escrow_id;
    const { escrow_id: parentId } = opening.parent;
    const locked = await dialect
      .lockRows(
        transaction.db
          .selectFrom("escrows")
          .select(["id", "root_id"])
          .where("id", "=", parentId)
          .where("project_id", "=", opening.project_id),
        "wait",
      )
      .executeTakeFirst();
    const parent = locked && (await find(transaction, parentId));
    if (locked === undefined || parent === undefined) {
      throw new Refused(faultProblem("parent_missing"));
    }
    // The same opening sent again is answered, wherever its parent has come by now.
    if ((await find(transaction, opening.escrow_id)) !== undefined) return locked.root_id;
    const status = statusOf(parent);
    if (status !== "OPEN") throw new Refused(escrowConflict(status, "OPEN, to be passed on from"));
    const fault = passingOnFault(parent, opening, await sumPassedOn(transaction, parentId));
    if (fault !== undefined) throw new Refused(faultProblem(fault));
    return locked.root_id;
  }

  async function sumPassedOn({ db }: Transaction, parentId: string): Promise<number> {
    const row = await db
      .selectFrom("escrows")
      .innerJoin("purchases", "purchases.request_id", "escrows.request_id")
      .select((select) => select.fn.sum<number>("purchases.amount").as("amount"))
      .where("escrows.parent_id", "=", parentId)
      .where("purchases.hold", "in", ["HELD", "SETTLED"])
      .executeTakeFirst();
    return dialect.decodeInteger(row?.amount ?? 0);
  }

  async function insert(
    transaction: Transaction,
    escrow: NewEscrow,
    rootId: string,
    at: number,
  ): Promise<void> {
    const row = loader.toRow(escrow, rootId, at);
    const inserted = await transaction.db
      .insertInto("escrows")
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows !== 1n) throw new IdTaken();
    await money.holdOpenEnded(transaction, row.request_id);
  }

  async function find(transaction: Transaction, id: string): Promise<Escrow | undefined> {
    const row = await selectEscrows(transaction).where("escrows.id", "=", id).executeTakeFirst();
    return row && loader.load(transaction, row);
  }

  return async (purchase, escrow) => {
    try {
      return await write((transaction) => open(transaction, purchase, escrow));
    } catch (error) {
      if (error instanceof IdTaken) return { outcome: "conflict" };
      if (error instanceof Refused) return { outcome: "refused", problem: error.problem };
      throw error;
    }
  };
}

/** Undoes the opening of an escrow whose id another one has. */
class IdTaken extends Error {}

/** Undoes the opening of an escrow that another one does not bear. */
class Refused extends Error {
  readonly problem: ProblemError;

  constructor(problem: ProblemError) {
    super(problem.message);
    this.problem = problem;
  }
}
