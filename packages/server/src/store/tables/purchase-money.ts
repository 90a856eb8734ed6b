import type { RequestEventType, WireActor } from "@holdpoint/protocol";
import type { LedgerKind } from "@holdpoint/protocol/spend";
import type { RequestEvent } from "../../domain/event.js";
import type { Database, Transaction } from "../database.js";
import type { PurchaseRow } from "../schema.js";
import { together } from "../together.js";
import type { EventWriter } from "./event-row.js";
import { type PurchaseQueries, preparePurchaseQueries } from "./purchase-queries.js";
import { chainOf, PurchaseMapper } from "./purchase-row.js";
import { prepareRequestQueries, type RequestQueries } from "./request-queries.js";
import { type Account, type Accounts, prepareAccounts } from "./spend-accounts.js";
import { type Judge, prepareJudge } from "./spend-judge.js";
import { type Ledger, type Movement, prepareLedger } from "./spend-ledger.js";

/** What has become of a purchase's money, and why. */
export interface MoneyEvent {
  /** What every event of the request says of it, under an id of its own. */
  readonly base: Omit<RequestEvent, "type" | "at" | "actor" | "purchase">;
  readonly type: RequestEventType & `purchase.${string}`;
  readonly at: number;
  readonly actor: WireActor;
  /** What the event says was moved. */
  readonly amountMinor: number;
  readonly movements: readonly Movement[];
}

/** How a hold ends without anybody's having paid, or with everything paid as approved. */
type HoldEnd = "RELEASED" | "EXPIRED" | "SETTLED";

const ENDS = {
  RELEASED: { type: "purchase.released", kind: "release", to: "available" },
  EXPIRED: { type: "purchase.expired", kind: "expire", to: "available" },
  SETTLED: { type: "purchase.settled", kind: "settle", to: "spent" },
} as const satisfies Record<
  HoldEnd,
  { type: RequestEventType; kind: LedgerKind; to: "available" | "spent" }
>;

/** Everything that touches the money of purchases, within transactions of others. */
export class PurchaseMoney {
  readonly queries: PurchaseQueries;
  /** Requests are locked first, whatever is done to their money. */
  readonly requests: RequestQueries;
  readonly accounts: Accounts;
  readonly judge: Judge;
  readonly mapper: PurchaseMapper;
  readonly #ledger: Ledger;
  readonly #appendEvent: EventWriter;
  readonly #database: Database;

  /** @param appendEvent - Followed by nobody who moves money. */
  constructor(database: Database, appendEvent: EventWriter) {
    const { dialect } = database;
    this.queries = preparePurchaseQueries();
    this.requests = prepareRequestQueries(dialect);
    this.accounts = prepareAccounts(dialect);
    this.judge = prepareJudge(dialect);
    this.mapper = new PurchaseMapper(dialect);
    this.#ledger = prepareLedger();
    this.#appendEvent = appendEvent;
    this.#database = database;
  }

  async find(transaction: Transaction, requestId: string): Promise<PurchaseRow | undefined> {
    const { rows } = await this.queries.find(transaction, { requestId });
    return rows[0];
  }

  /** Moves money that is locked, with its event, whose receipt proves the entries. */
  async record(
    transaction: Transaction,
    row: PurchaseRow,
    accounts: readonly Account[],
    { base, type, at, actor, amountMinor, movements }: MoneyEvent,
  ): Promise<void> {
    const purchase = this.mapper.toPart(row, amountMinor);
    const reservedAt = this.#database.dialect.decodeInteger(row.reserved_at);
    const occasion = { requestId: row.request_id, eventId: base.id, at, actor, reservedAt };
    await together([
      this.#ledger.move(transaction, accounts, movements, occasion),
      this.#appendEvent(transaction, { ...base, type, at, actor, purchase }),
    ]);
  }

  /**
   * Moves money whose event is another's: that of the decision that lowered the amount.
   */
  async adjust(
    transaction: Transaction,
    row: PurchaseRow,
    accounts: readonly Account[],
    event: Pick<RequestEvent, "id" | "at" | "actor">,
    backMinor: number,
  ): Promise<void> {
    const movement = { kind: "adjust", from: "held", to: "available" } as const;
    await this.#ledger.move(transaction, accounts, [{ ...movement, amountMinor: backMinor }], {
      requestId: row.request_id,
      eventId: event.id,
      at: event.at,
      actor: event.actor,
      reservedAt: this.#database.dialect.decodeInteger(row.reserved_at),
    });
  }

  /** Ends a hold, once: whoever comes second finds it ended. Tells whether it did. */
  async end(
    transaction: Transaction,
    found: PurchaseRow,
    hold: HoldEnd,
    cause: Pick<MoneyEvent, "base" | "at" | "actor">,
  ): Promise<boolean> {
    if (found.hold !== "HELD") return false;
    const accounts = await this.accounts.lock(transaction, chainOf(found), cause.at);
    const amountMinor = this.mapper.toApproved(found);
    const paid = hold === "SETTLED" && { actual_amount: amountMinor, confirmed_at: cause.at };
    const row: PurchaseRow = { ...found, hold, hold_expires_at: null, ...paid };
    const changed = await this.queries.change(transaction, { ...row, from: "HELD" });
    if (changed.numAffectedRows !== 1n) return false;
    const { type, kind, to } = ENDS[hold];
    const movements = [{ kind, from: "held", to, amountMinor } as const];
    await this.record(transaction, row, accounts, { ...cause, type, amountMinor, movements });
    return true;
  }
}
