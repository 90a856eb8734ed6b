import { LIMITS, type RequestEventType } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import type { RequestEvent } from "../../domain/event.js";
import { grantExpired } from "../../domain/grant.js";
import { assertStillFits } from "../../domain/spend/problem.js";
import { SPEND_SERVICE } from "../../domain/spend/purchase.js";
import type { Database, Transaction } from "../database.js";
import type { PurchaseRow } from "../schema.js";
import type { EventWriter } from "./event-row.js";
import type { PurchaseMoney } from "./purchase-money.js";
import { chainOf } from "./purchase-row.js";

type Follower = (transaction: Transaction, event: RequestEvent, row: PurchaseRow) => Promise<void>;

/**
 * Lets the money follow its request: in the transaction of a decision, an expiry or an execution's
 * end, and undone with it. Requests that are no purchases pay one comparison.
 *
 * @throws {ProblemError} (within the transaction) `SPENDING_STOPPED` and `SPEND_POLICY_REFUSED` for
 *   an approval that what binds now does not bear, `GRANT_EXPIRED` for a claim of money that is no
 *   longer held.
 */
export function createPurchaseFollower({ dialect }: Database, money: PurchaseMoney): EventWriter {
  const end =
    (hold: "RELEASED" | "EXPIRED" | "SETTLED"): Follower =>
    async (transaction, event, row) => {
      const { at, actor } = event;
      await money.end(transaction, row, hold, { base: baseOf(event), at, actor });
    };

  /** What was judged when it was made is judged again, as things are now. */
  async function approve(transaction: Transaction, event: RequestEvent, row: PurchaseRow) {
    const chain = chainOf(row);
    const accounts = await money.accounts.lock(transaction, chain, event.at);
    const inForce = await money.judge.limits.read(transaction, chain);
    const amount = dialect.decodeInteger(row.amount);
    const approved = event.approvedAmountMinor ?? amount;
    const { checks } = await money.judge.judge(transaction, accounts, chain, inForce, {
      requestId: row.request_id,
      terms: { ...money.mapper.toTerms(row), amountMinor: approved },
      at: dialect.decodeInteger(row.reserved_at),
      until: dialect.decodeInteger(row.reserved_at),
      ownMinor: amount,
    });
    assertStillFits(checks);
    const changed = await money.queries.change(transaction, {
      ...row,
      ...(approved !== amount && { approved_amount: approved }),
      hold_expires_at: event.at + LIMITS.grantMs,
      from: "HELD",
    });
    if (changed.numAffectedRows !== 1n) throw new Error("Expected a pending purchase to be held.");
    await money.adjust(transaction, row, accounts, event, amount - approved);
  }

  /** While it runs nobody takes the money away; where it is gone already nothing may run. */
  async function beginRun(transaction: Transaction, _event: RequestEvent, row: PurchaseRow) {
    const held = await money.queries.holdOpenEnded(transaction, { requestId: row.request_id });
    if (held.numAffectedRows !== 1n) throw grantExpired();
  }

  /** Found out by somebody: settled as approved. Said by the run: it is about to be confirmed. */
  async function commit(transaction: Transaction, event: RequestEvent, row: PurchaseRow) {
    if (event.execution?.reconciled === true) return end("SETTLED")(transaction, event, row);
    const until = event.at + LIMITS.grantMs;
    await money.queries.awaitConfirmation(transaction, { requestId: row.request_id, until });
  }

  const followers: { readonly [type in RequestEventType]?: Follower } = {
    "request.approved": approve,
    "request.rejected": end("RELEASED"),
    "request.cancelled": end("RELEASED"),
    "request.expired": end("EXPIRED"),
    "execution.claimed": beginRun,
    "execution.committed": commit,
    "execution.failed": end("RELEASED"),
  };

  return async (transaction, event) => {
    if (event.service !== SPEND_SERVICE) return;
    const follow = followers[event.type];
    if (follow === undefined) return;
    const row = await money.find(transaction, event.requestId);
    if (row !== undefined) await follow(transaction, event, row);
  };
}

function baseOf(event: RequestEvent) {
  const { execution: _execution, reasonDigest: _reason, ...base } = event;
  return { ...base, id: typeidUnboxed("evt") };
}
