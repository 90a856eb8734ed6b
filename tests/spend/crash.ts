import type { WirePurchase } from "@holdpoint/protocol/spend";
import { typeidUnboxed } from "typeid-js";
import { expect } from "vitest";
import type { Victim } from "../durability/crash.js";
import type { Server } from "../durability/load.js";
import { RefusedError } from "../harness/control-plane.js";
import type { Random } from "../harness/random.js";
import type { Tables } from "../harness/tables.js";
import { findImbalance } from "./balance.js";
import { Buyer, sendAs, Treasurer } from "./money.js";

const WRITERS = 8;
/** Answers a round sees before it kills. */
const ANSWERS = { low: 10, high: 80 };
/** Then it waits this long at most, in milliseconds, to strike in the middle of anything. */
const MAX_WAIT_MS = 15;
/** What may be held and spent in all: enough for some of a run, so that it is fought over. */
const BUDGET_MINOR = 40_000;

/** The last answer to each purchase: where its money is, at least. */
type Journal = Map<string, { readonly hold: string; readonly amount: number }>;

/** What may come of a purchase after an answer, were more asked of it that nobody answered. */
const LATER: Readonly<Record<string, readonly string[]>> = {
  NONE: ["NONE"],
  HELD: ["HELD", "SETTLED", "RELEASED"],
  SETTLED: ["SETTLED"],
  RELEASED: ["RELEASED"],
};

/**
 * Buys and confirms under load and kills the server, again and again on the same data. After every
 * start, what was answered is there, and balances, entries and purchases say the same.
 */
export async function crashSpending(victim: Victim, random: Random, rounds: number): Promise<void> {
  const journal: Journal = new Map();
  const surprises: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { child, server } = await victim.start();
    await using _ = child;
    await expectNothingLost(victim, journal);
    if (round === 0) await setLimits(server);
    let answers = 0;
    const enough = random.integer(ANSWERS.low, ANSWERS.high);
    const stop = new AbortController();
    const note = (purchase: WirePurchase) => {
      answers += 1;
      const { amount_minor } = purchase.actual_amount ?? purchase.amount;
      journal.set(purchase.id, { hold: purchase.hold, amount: amount_minor });
    };
    const writers = Array.from({ length: WRITERS }, () =>
      spend(server, random, note, surprises, stop.signal),
    );
    await Promise.race([Promise.all(writers), until(() => answers >= enough)]);
    await new Promise((resolve) => setTimeout(resolve, random.next() * MAX_WAIT_MS));
    await victim.strike(child);
    stop.abort();
    await Promise.all(writers);
    expect(surprises).toEqual([]);
    expect(answers).toBeGreaterThanOrEqual(enough);
  }
  const { child } = await victim.start();
  await using _ = child;
  await expectNothingLost(victim, journal);
}

async function setLimits(server: Server): Promise<void> {
  const treasurer = new Treasurer(sendAs(fetch, server.url, server.operatorToken));
  await treasurer.setPolicy({
    currency: "EUR",
    auto_approve: { enabled: true },
    monthly_limit: "1000000.00",
  });
  await treasurer.setBudget({ scope: "project", currency: "EUR", amount_minor: BUDGET_MINOR });
}

/** One writer: buys, then confirms or gives back, each step by chance twice at once. */
async function spend(
  server: Server,
  random: Random,
  note: (purchase: WirePurchase) => void,
  surprises: string[],
  signal: AbortSignal,
): Promise<void> {
  const buyer = new Buyer("", sendAs(fetch, server.url, server.apiKey));
  const treasurer = new Treasurer(sendAs(fetch, server.url, server.operatorToken));
  let isGone = false;
  const attempt = async (call: () => Promise<WirePurchase>) => {
    const calls = Array.from({ length: random.next() < 0.3 ? 2 : 1 }, async () => {
      try {
        const purchase = await call();
        note(purchase);
        return purchase;
      } catch (error) {
        const status = error instanceof RefusedError ? error.problem.status : undefined;
        // A server without its database says so, and acknowledges nothing.
        if (status !== undefined && status < 500) surprises.push(String(error));
        if (status === undefined) isGone = true;
        return undefined;
      }
    });
    return (await Promise.all(calls)).find((purchase) => purchase !== undefined);
  };
  while (!isGone && !signal.aborted) {
    const [id, price] = [typeidUnboxed("req"), random.integer(2, 400)];
    const bought = await attempt(() => buyer.buy(price, { id }));
    if (bought === undefined) {
      // Nothing comes of asking a server without a database as fast as one can.
      await new Promise((resolve) => setTimeout(resolve, 20));
      continue;
    }
    if (bought.hold !== "HELD") continue;
    if (random.next() < 0.4) {
      await attempt(() => buyer.giveBack(id));
      continue;
    }
    const paid = await attempt(() => buyer.settle(id, paying(price - 1)));
    // Most of it comes back, so that there is something to fight over in the next round.
    const refund = typeidUnboxed("rfd");
    if (paid?.hold === "SETTLED" && random.next() < 0.9)
      await attempt(() => treasurer.refund(paid, price - 1, refund));
  }
}

function paying(minor: number) {
  return { success: true, actual_amount: { amount_minor: minor, currency: "EUR" } };
}

async function expectNothingLost(victim: Victim, journal: Journal): Promise<void> {
  await using tables = await victim.openTables();
  const faults = await tables.atOnce(async () => [
    ...(await findImbalance(tables)),
    ...(await findLost(tables, journal)),
    ...(await findUnproved(tables)),
  ]);
  expect(faults).toEqual([]);
}

async function findLost(tables: Tables, journal: Journal): Promise<readonly string[]> {
  const rows = await tables.query(
    `select request_id as "id", hold, coalesce(actual_amount, amount) as "amount" from purchases`,
  );
  const found = new Map(rows.map((row) => [String(row.id), row]));
  return [...journal].flatMap(([id, { hold, amount }]) => {
    const row = found.get(id);
    if (row === undefined) return [`${id}: lost`];
    const isSame = row.hold !== hold || row.amount === amount;
    return LATER[hold]?.includes(String(row.hold)) && isSame
      ? []
      : [`${id}: ${hold} of ${amount} was answered, ${row.hold} of ${row.amount} is there`];
  });
}

/** Every movement of a purchase names the event that moved it, and each event has its receipt. */
async function findUnproved(tables: Tables): Promise<readonly string[]> {
  const rows = await tables.query(`select ledger_entries.id as "id" from ledger_entries
    left join receipts on receipts.id = 'rcp_' || substr(ledger_entries.event_id, 5)
    where ledger_entries.request_id is not null and receipts.id is null`);
  return rows.map(({ id }) => `${id}: moved without a receipt`);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
