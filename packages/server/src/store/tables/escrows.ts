import { canEscrowMove, type EscrowStage } from "@holdpoint/protocol/escrow";
import { agentActor } from "../../domain/actor.js";
import { type Escrow, type EscrowStepTaken, statusOf } from "../../domain/escrow.js";
import { decodeCursor, encodeCursor } from "../cursor.js";
import type { Database, Reader, Transaction } from "../database.js";
import type { Vault } from "../sealing/vault.js";
import type { EscrowStore } from "../verbs/escrows.js";
import { createEscrowDisputes } from "./escrow-disputes.js";
import { createEscrowClock } from "./escrow-due.js";
import type { EscrowMoney } from "./escrow-money.js";
import { createEscrowOpening } from "./escrow-open.js";
import { createEscrowLoader, RESULT, selectEscrows, type WholeEscrowRow } from "./escrow-row.js";
import type { EventWriter } from "./event-row.js";
import { createPurchaseCreation } from "./purchase-create.js";
import { createPurchaseLoader } from "./purchase-loader.js";
import type { PurchaseMoney } from "./purchase-money.js";
import type { ShieldParts } from "./shield.js";

/** @param appendEvent - Followed by nobody who moves money. */
export function createEscrowStore(
  database: Database,
  vault: Vault,
  money: PurchaseMoney,
  escrowMoney: EscrowMoney,
  appendEvent: EventWriter,
  shield: ShieldParts,
): EscrowStore {
  const { read, write, dialect } = database;
  const purchases = createPurchaseLoader(database, vault, money);
  const loader = createEscrowLoader(database, vault, purchases);
  const disputes = createEscrowDisputes(database, vault, loader, appendEvent);
  const create = createPurchaseCreation(database, vault, money, purchases, appendEvent, shield);

  async function advance(
    transaction: Transaction,
    projectId: string,
    escrowId: string,
    step: EscrowStepTaken,
  ): ReturnType<EscrowStore["advance"]> {
    const row = await lock(transaction, projectId, escrowId);
    if (row === undefined) return undefined;
    const escrow = await loader.load(transaction, row);
    if (escrow.steps.includes(step.jws)) return { outcome: "replayed", escrow };
    if (!mayTake(escrow, step)) return { outcome: "lost", escrow };
    await take(transaction, row, escrow, step);
    const taken = await findRow(transaction, projectId, escrowId);
    return { outcome: "taken", escrow: await loader.load(transaction, taken ?? row) };
  }

  async function take(
    transaction: Transaction,
    row: WholeEscrowRow,
    escrow: Escrow,
    step: EscrowStepTaken,
  ): Promise<void> {
    const { type, jws, agent, at, reason } = step;
    const by = agentActor(agent);
    switch (type) {
      case "fulfil":
        return move(transaction, row, "FULFILLED", {
          steps: dialect.encodeJson([...escrow.steps, jws]),
          sealed_result: loader.sealOf(row).seal(RESULT, step.result),
          fulfilled_at: at,
          due_at: escrow.releaseBy,
        });
      case "release":
        await move(transaction, row, "RELEASED", {
          steps: dialect.encodeJson([...escrow.steps, jws]),
          ended_at: at,
          due_at: null,
        });
        return escrowMoney.release(transaction, row, { at, actor: by });
      case "dispute": {
        const asking = { by, at, step: jws, ...(reason !== undefined && { reason }) };
        await disputes.dispute(transaction, row, escrow, asking);
      }
    }
  }

  async function move(
    { db }: Transaction,
    { id, stage: from }: WholeEscrowRow,
    stage: EscrowStage,
    change: Changes,
  ): Promise<void> {
    if (!canEscrowMove(from, stage)) throw new Error(`Expected no move from ${from} to ${stage}.`);
    const changed = await db
      .updateTable("escrows")
      .set({ ...change, stage })
      .where("id", "=", id)
      .where("stage", "=", from)
      .executeTakeFirst();
    if (changed.numUpdatedRows !== 1n) throw new Error("Expected a locked escrow to stand.");
  }

  /** Two steps at once come one after the other. */
  async function lock(transaction: Transaction, projectId: string, id: string) {
    const locked = await dialect
      .lockRows(
        transaction.db
          .selectFrom("escrows")
          .select("id")
          .where("id", "=", id)
          .where("project_id", "=", projectId),
        "wait",
      )
      .executeTakeFirst();
    return locked && findRow(transaction, projectId, id);
  }

  function findRow(reader: Reader, projectId: string, id: string) {
    return selectEscrows(reader)
      .where("escrows.id", "=", id)
      .where("escrows.project_id", "=", projectId)
      .executeTakeFirst();
  }

  return {
    open: createEscrowOpening(database, loader, escrowMoney, create),
    advance: (projectId, escrowId, step) =>
      write((transaction) => advance(transaction, projectId, escrowId, step)),
    find: (projectId, escrowId) =>
      read(async (reader) => {
        const row = await findRow(reader, projectId, escrowId);
        return row && loader.load(reader, row);
      }),
    list: (projectId, query) =>
      read(async (reader) => {
        const rows = await selectPage(reader, projectId, query).execute();
        const shown = rows.slice(0, query.limit);
        const last = rows.length > query.limit ? shown.at(-1) : undefined;
        return {
          items: await Promise.all(shown.map((row) => loader.load(reader, row))),
          nextCursor: last
            ? encodeCursor(["escrows", dialect.decodeInteger(last.created_at), last.id])
            : null,
        };
      }),
    ...createEscrowClock(database, loader, disputes),
  };
}

interface Changes {
  readonly steps?: unknown;
  readonly sealed_result?: Uint8Array;
  readonly fulfilled_at?: number;
  readonly ended_at?: number;
  readonly due_at: number | null;
}

/** At and after a time that is up, a person decides. */
function mayTake(escrow: Escrow, { from, at }: EscrowStepTaken): boolean {
  if (escrow.stage !== from || statusOf(escrow) !== from) return false;
  const until = from === "OPEN" ? escrow.fulfilBy : escrow.releaseBy;
  return at < until;
}

function selectPage(
  reader: Reader,
  projectId: string,
  { agentId, rootId, limit, cursor }: Parameters<EscrowStore["list"]>[1],
) {
  let page = selectEscrows(reader)
    .where("escrows.project_id", "=", projectId)
    .orderBy("escrows.created_at", "desc")
    .orderBy("escrows.id", "desc")
    .limit(limit + 1);
  if (rootId !== undefined) page = page.where("escrows.root_id", "=", rootId);
  if (agentId !== undefined) {
    page = page.where((where) =>
      where.or([
        where("escrows.payer_agent_id", "=", agentId),
        where("escrows.payee_agent_id", "=", agentId),
      ]),
    );
  }
  if (cursor === undefined) return page;
  const [, createdAt, id] = decodeCursor(cursor, ["escrows", 0, ""] as const);
  return page.where((where) =>
    where(where.refTuple("escrows.created_at", "escrows.id"), "<", where.tuple(createdAt, id)),
  );
}
