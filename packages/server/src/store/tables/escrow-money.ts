import type { WireActor } from "@holdpoint/protocol";
import { aboveCapacity } from "../../domain/spend/problem.js";
import type { Database, Transaction } from "../database.js";
import type { EscrowRow, PurchaseRow, RequestRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import type { EventWriter } from "./event-row.js";
import type { PurchaseMoney } from "./purchase-money.js";
import { chainOf } from "./purchase-row.js";
import { RequestMapper } from "./request-row.js";
import type { Account } from "./spend-accounts.js";
import { type Occasion, prepareLedger } from "./spend-ledger.js";

/** Who ends an escrow, and when. */
export interface EscrowEnd {
  readonly at: number;
  readonly actor: WireActor;
}

type EscrowPlace = Pick<EscrowRow, "request_id" | "project_id" | "payee_agent_id">;

/** What becomes of an escrow's money, within transactions that have locked the escrow. */
export class EscrowMoney {
  readonly #money: PurchaseMoney;
  readonly #appendEvent: EventWriter;
  readonly #requests: RequestMapper;
  readonly #ledger = prepareLedger();
  readonly #database: Database;

  /** @param appendEvent - Followed by nobody who moves money. */
  constructor(database: Database, vault: Vault, money: PurchaseMoney, appendEvent: EventWriter) {
    this.#database = database;
    this.#money = money;
    this.#appendEvent = appendEvent;
    this.#requests = new RequestMapper(database.dialect, vault);
  }

  /** Held until its steps or a person end it: no clock of a purchase does. */
  async holdOpenEnded(transaction: Transaction, requestId: string): Promise<void> {
    await this.#money.queries.holdOpenEnded(transaction, { requestId });
  }

  /**
   * Hands the money over, once. For the payer it is spent. Project and organisation lose nothing to
   * an agent of their own, so there it is given back; and the payee may spend it, where a budget
   * binds it at all.
   */
  async release(transaction: Transaction, escrow: EscrowPlace, end: EscrowEnd): Promise<void> {
    const { at, actor } = end;
    const { request, found } = await this.#lockHeld(transaction, escrow);
    const chain = chainOf(found);
    const { accounts } = this.#money;
    const payers = await accounts.lock(transaction, chain, at);
    const payees = await accounts.lock(
      transaction,
      { ...chain, agentId: escrow.payee_agent_id },
      at,
    );
    const amountMinor = this.#money.mapper.toApproved(found);
    await this.#settle(transaction, found, amountMinor, at);
    const base = this.#requests.toEvent(request);
    const occasion = {
      requestId: found.request_id,
      eventId: base.id,
      at,
      actor,
      reservedAt: this.#database.dialect.decodeInteger(found.reserved_at),
    };
    const isPayer = ({ scope }: Account) => scope === "agent";
    const spent = { kind: "escrow", from: "held", to: "spent", amountMinor } as const;
    const givenBack = { kind: "escrow", from: "held", to: "available", amountMinor } as const;
    const outer = payers.filter((account) => !isPayer(account));
    await this.#ledger.move(transaction, payers.filter(isPayer), [spent], occasion);
    await this.#ledger.move(transaction, outer, [givenBack], occasion);
    for (const payee of payees.filter(isPayer)) {
      await this.#credit(transaction, payee, amountMinor, occasion);
    }
    const purchase = this.#money.mapper.toPart(found, amountMinor);
    await this.#appendEvent(transaction, {
      ...base,
      type: "purchase.settled",
      at,
      actor,
      purchase,
    });
  }

  /** Gives the money back to the payer, once. */
  async giveBack(transaction: Transaction, escrow: EscrowPlace, end: EscrowEnd): Promise<void> {
    const { request, found } = await this.#lockHeld(transaction, escrow);
    const cause = { ...end, base: this.#requests.toEvent(request) };
    const hasEnded = await this.#money.end(transaction, found, "RELEASED", cause);
    if (!hasEnded) throw new Error("Expected the money of a locked escrow to be held.");
  }

  async #lockHeld(
    transaction: Transaction,
    { request_id: id, project_id }: EscrowPlace,
  ): Promise<{ readonly request: RequestRow; readonly found: PurchaseRow }> {
    const { rows } = await this.#money.requests.lock(transaction, { id, project_id });
    const [request] = rows;
    const found = await this.#money.find(transaction, id);
    if (request === undefined || found?.hold !== "HELD") {
      throw new Error("Expected the money of a locked escrow to be held.");
    }
    return { request, found };
  }

  async #settle(transaction: Transaction, found: PurchaseRow, amountMinor: number, at: number) {
    const changed = await this.#money.queries.change(transaction, {
      ...found,
      hold: "SETTLED",
      hold_expires_at: null,
      actual_amount: amountMinor,
      confirmed_at: at,
      from: "HELD",
    });
    if (changed.numAffectedRows !== 1n) throw new Error("Expected a locked purchase to stand.");
  }

  /** An account without a budget is not limited by one: there is nothing to add to. */
  async #credit(
    transaction: Transaction,
    account: Account,
    amountMinor: number,
    { reservedAt: _, ...cause }: Occasion,
  ): Promise<void> {
    if (account.allocated === undefined) return;
    const allocated = account.allocated + amountMinor;
    if (!Number.isSafeInteger(allocated)) throw aboveCapacity();
    await this.#ledger.allocate(transaction, account, { kind: "escrow", allocated, ...cause });
  }
}
