import type { WireActor } from "@holdpoint/protocol";
import type { LedgerAccount, LedgerKind } from "@holdpoint/protocol/spend";
import { typeidUnboxed } from "typeid-js";
import { aboveCapacity } from "../../domain/spend/problem.js";
import type { Transaction } from "../database.js";
import { prepareQuery } from "../prepared.js";
import type { LedgerEntryRow, SpendAccountRow } from "../schema.js";
import { together } from "../together.js";
import { toActorColumns } from "./columns.js";
import type { Account } from "./spend-accounts.js";
import { prepareWindowShift } from "./spend-windows.js";

/** Money that leaves one account of a budget and enters another. */
export interface Movement {
  readonly kind: LedgerKind;
  readonly from: LedgerAccount;
  readonly to: LedgerAccount;
  /** Above 0. */
  readonly amountMinor: number;
}

/** Who moves money, and when; with a purchase, whose it is and what proves it. */
interface Cause {
  readonly requestId?: string;
  readonly eventId?: string;
  readonly at: number;
  readonly actor: WireActor;
}

/** What the movements of a purchase belong to. */
export interface Occasion extends Cause {
  readonly requestId: string;
  readonly eventId: string;
  /** Which windows they count in. */
  readonly reservedAt: number;
}

export type Ledger = ReturnType<typeof prepareLedger>;

/**
 * The double entry. **The invariant**: for every account, `held` and `spent` are the sums of its
 * entries, and what is allocated is never exceeded. A balance changes here and nowhere else, by a
 * condition in the `update` or under its lock, together with its entry; only a late confirmation, which tells of money
 * that is gone, may leave less than nothing available.
 */
export function prepareLedger() {
  const change = prepareQuery(({ db }, step: Step) =>
    db
      .updateTable("spend_accounts")
      .set((row) => ({
        held: row("held", "+", step.held),
        spent: row("spent", "+", step.spent),
        updated_at: step.at,
      }))
      .where("id", "=", step.id)
      .where((row) => row(row("held", "+", step.held), ">=", 0))
      .where((row) => row(row("spent", "+", step.spent), ">=", 0))
      .where((row) =>
        row.or([
          row("allocated", "is", null),
          row(
            row(row("allocated", "-", row.ref("held")), "-", row.ref("spent")),
            ">=",
            step.needed,
          ),
        ]),
      ),
  );
  const setAllocated = prepareQuery(({ db }, set: Allocation) =>
    db
      .updateTable("spend_accounts")
      .set({ allocated: set.allocated, updated_at: set.at })
      .where("id", "=", set.id),
  );
  const insert = prepareQuery(({ db }, row: LedgerEntryRow) =>
    db.insertInto("ledger_entries").values({
      id: row.id,
      spend_account_id: row.spend_account_id,
      kind: row.kind,
      from_account: row.from_account,
      to_account: row.to_account,
      amount: row.amount,
      at: row.at,
      actor_type: row.actor_type,
      actor_id: row.actor_id,
      actor_name: row.actor_name,
      request_id: row.request_id,
      event_id: row.event_id,
    }),
  );
  const shiftWindows = prepareWindowShift();

  async function moveOne(
    transaction: Transaction,
    account: Account,
    movement: Movement,
    occasion: Occasion,
  ): Promise<void> {
    const [changed] = await together([
      change(transaction, { ...stepOf(movement), id: account.id, at: occasion.at }),
      insert(transaction, entryOf(account, movement, occasion)),
    ]);
    if (changed.numAffectedRows !== 1n) throw new LedgerError(movement.kind);
  }

  return {
    /**
     * Sets what an account that is locked has in all, `null` for no budget: the difference comes in
     * from outside, or goes back there.
     */
    async allocate(
      transaction: Transaction,
      account: Account,
      { kind, allocated, ...cause }: { kind: LedgerKind; allocated: number | null } & Cause,
    ): Promise<void> {
      await setAllocated(transaction, { id: account.id, allocated, at: cause.at });
      const more = (allocated ?? 0) - (account.allocated ?? 0);
      // Between no budget and one of nothing, no money moves.
      if (more === 0) return;
      const [from, to] = more > 0 ? FUNDING : DEFUNDING;
      const movement = { kind, from, to, amountMinor: Math.abs(more) };
      await insert(transaction, entryOf(account, movement, cause));
    },
    /** Moves the same in every account of a chain, which the transaction has locked. */
    async move(
      transaction: Transaction,
      accounts: readonly Account[],
      movements: readonly Movement[],
      occasion: Occasion,
    ): Promise<void> {
      const moved = movements.filter(({ amountMinor }) => amountMinor > 0);
      const counted = moved.reduce((sum, movement) => sum + countedBy(movement), 0);
      for (const account of accounts) assertCapacity(account, counted);
      const steps = moved.flatMap((movement) =>
        accounts.map((account) => moveOne(transaction, account, movement, occasion)),
      );
      if (counted !== 0) {
        steps.push(shiftWindows(transaction, accounts, counted, occasion.reservedAt));
      }
      await together(steps);
    },
  };
}

/** The books and what was judged by them disagree: nothing is moved. */
class LedgerError extends Error {
  override readonly name = "LedgerError" as const;

  constructor(kind: LedgerKind) {
    super(`Expected an account from which ${kind} can take what it moves.`);
  }
}

const FUNDING = ["funding", "available"] as const;
const DEFUNDING = ["available", "funding"] as const;

type Allocation = Pick<SpendAccountRow, "id" | "allocated"> & { readonly at: number };

interface Step {
  readonly id: string;
  readonly held: number;
  readonly spent: number;
  /** What has to be available. */
  readonly needed: number;
  readonly at: number;
}

/** What is always there: for what takes nothing of it, or must be recorded whatever is left. */
const ANYTHING = Number.MIN_SAFE_INTEGER;

function stepOf(movement: Movement): Omit<Step, "id" | "at"> {
  const { kind, from, amountMinor } = movement;
  const needed = from === "available" && kind !== "late" ? amountMinor : ANYTHING;
  return { held: effectOn("held", movement), spent: effectOn("spent", movement), needed };
}

function effectOn(account: LedgerAccount, { from, to, amountMinor }: Movement): number {
  return (to === account ? amountMinor : 0) - (from === account ? amountMinor : 0);
}

/** How much more counts as used. */
function countedBy(movement: Movement): number {
  return -effectOn("available", movement);
}

/** @throws {ProblemError} `BUDGET_EXHAUSTED` before a sum becomes larger than a number can be exact. */
function assertCapacity({ held, spent }: Account, countedMinor: number): void {
  if (countedMinor > Number.MAX_SAFE_INTEGER - held - spent) throw aboveCapacity();
}

function entryOf(account: Account, movement: Movement, cause: Cause): LedgerEntryRow {
  const { actor } = cause;
  return {
    id: typeidUnboxed("lgr"),
    spend_account_id: account.id,
    kind: movement.kind,
    from_account: movement.from,
    to_account: movement.to,
    amount: movement.amountMinor,
    at: cause.at,
    ...toActorColumns("actor", actor),
    request_id: cause.requestId ?? null,
    event_id: cause.eventId ?? null,
  };
}
