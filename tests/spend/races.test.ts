import { expect, test, vi } from "vitest";
import { findImbalance } from "./balance.js";
import { type Branches, DATABASES, openBranches, startBranches } from "./branches.js";

vi.setConfig({ testTimeout: 180_000 });

const PURCHASES = 500;
const PRICE = 7;
const FITS = 100;
const waveThrough = { currency: "EUR", auto_approve: { enabled: true } } as const;
const MINUTE_MS = 60_000;
const ROUNDS = 20;

test.each(DATABASES)(
  `[G8] of ${PURCHASES} purchases at once against a budget for ${FITS}, exactly ${FITS} get through: %s`,
  async (database) => {
    await using branches = await startBranches(database);
    const [treasurer] = branches.treasurers;
    await treasurer?.setPolicy(waveThrough);
    await treasurer?.setBudget({ scope: "project", currency: "EUR", amount_minor: FITS * PRICE });
    const bought = await inTurns(branches, (buyer) => buyer.buy(PRICE));
    const through = bought.filter(({ status }) => status === "auto_approved");
    expect(through).toHaveLength(FITS);
    for (const { status, policy_check } of bought.filter((each) => !through.includes(each))) {
      expect(status).toBe("rejected");
      expect(policy_check.checks.filter(({ result }) => result === "fail")).toMatchObject([
        { rule: "budget", scope: "project" },
      ]);
    }
    expect(await readProject(branches)).toMatchObject({
      held: { amount_minor: FITS * PRICE },
      available_minor: 0,
    });
    // Each is confirmed twice at once, at whichever replica.
    await Promise.all(
      through.flatMap(({ id }) =>
        branches.buyers.flatMap((buyer) => [buyer.confirm(id), buyer.confirm(id)]),
      ),
    );
    expect(await readProject(branches)).toMatchObject({
      held: { amount_minor: 0 },
      spent: { amount_minor: FITS * PRICE },
    });
    expect(await findImbalance(branches.tables)).toEqual([]);
  },
);

test.each(DATABASES)(
  `[G8] of ${PURCHASES} purchases at once against a day's limit for ${FITS}, exactly ${FITS} get through: %s`,
  async (database) => {
    await using branches = await startBranches(database);
    const daily_limit = ((FITS * PRICE) / 100).toFixed(2);
    await branches.treasurers[0]?.setPolicy({ ...waveThrough, daily_limit });
    const bought = await inTurns(branches, (buyer) => buyer.buy(PRICE));
    expect(bought.filter(({ status }) => status === "auto_approved")).toHaveLength(FITS);
    expect(bought.filter(({ status }) => status === "rejected")).toHaveLength(PURCHASES - FITS);
    expect(await findImbalance(branches.tables)).toEqual([]);
  },
);

test.each(DATABASES)(
  `[G8] of ${PURCHASES} purchases at once against a rate of ${FITS} an hour, exactly ${FITS} get through: %s`,
  async (database) => {
    await using branches = await startBranches(database);
    await branches.treasurers[0]?.setPolicy({ ...waveThrough, requests_per_hour: FITS });
    const bought = await inTurns(branches, (buyer) => buyer.buy(PRICE));
    expect(bought.filter(({ status }) => status === "auto_approved")).toHaveLength(FITS);
    expect(bought.filter(({ status }) => status === "rejected")).toHaveLength(PURCHASES - FITS);
  },
);

test.each(DATABASES)(
  "[G1] [G8] approved and expired at the same moment, a purchase is one of them, and so is its money: %s",
  async (database) => {
    await using branches = await openBranches(database);
    const { buyers, treasurers, clock } = branches;
    await treasurers[0]?.setBudget({ scope: "project", currency: "EUR", amount_minor: 100_000 });
    let approved = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { id } = await pick(buyers, round).buy(100);
      await clock.advance(30 * MINUTE_MS - 1);
      const approving = pick(treasurers, round + 1).approve(id);
      const [, answer] = await Promise.allSettled([clock.advance(1), approving]);
      await expect.poll(async () => (await pick(buyers, round).get(id)).status).not.toBe("pending");
      const { status, hold } = await pick(buyers, round).get(id);
      const isApproved = answer.status === "fulfilled";
      expect(`${status} ${hold}`).toBe(isApproved ? "approved HELD" : "expired EXPIRED");
      approved += isApproved ? 1 : 0;
    }
    expect(await readProject(branches)).toMatchObject({ held: { amount_minor: approved * 100 } });
    expect(await findImbalance(branches.tables)).toEqual([]);
  },
);

test.each(DATABASES)(
  "[P-SPEND-CONFIRM] [G8] confirmed with many amounts at once, one of them is what was paid: %s",
  async (database) => {
    await using branches = await openBranches(database);
    const { buyers, treasurers } = branches;
    await treasurers[0]?.setPolicy(waveThrough);
    let spent = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { id } = await pick(buyers, round).buy(100);
      const told = await Promise.allSettled([
        ...Array.from({ length: 6 }, (_, index) => pick(buyers, index).confirm(id, 95 + index)),
        pick(buyers, round).giveBack(id),
      ]);
      const accepted = told.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      const refusals = told.flatMap((one) =>
        one.status === "rejected" ? [one.reason as unknown] : [],
      );
      expect(accepted).toHaveLength(1);
      for (const refusal of refusals) {
        expect((refusal as { problem: { code: string } }).problem.code).toMatch(
          /^PURCHASE_(SETTLED|NOT_APPROVED)$/,
        );
      }
      spent += accepted[0]?.actual_amount?.amount_minor ?? 0;
    }
    const accounts = await treasurers[0]?.budgets();
    for (const { held, spent: sum } of accounts ?? []) {
      expect([held.amount_minor, sum.amount_minor]).toEqual([0, spent]);
    }
    expect(await findImbalance(branches.tables)).toEqual([]);
  },
);

test.each(DATABASES)(
  "[P-SPEND-CONFIRM] [G8] refunded while it is confirmed, no more comes back than was paid: %s",
  async (database) => {
    await using branches = await openBranches(database);
    const { buyers, treasurers } = branches;
    await treasurers[0]?.setPolicy(waveThrough);
    for (let round = 0; round < ROUNDS; round++) {
      const bought = await pick(buyers, round).buy(100);
      const [confirmed, ...refunds] = await Promise.allSettled([
        pick(buyers, round).confirm(bought.id, 90),
        ...Array.from({ length: 6 }, (_, index) => pick(treasurers, index).refund(bought, 40)),
      ]);
      expect(confirmed.status).toBe("fulfilled");
      const done = refunds.filter(({ status }) => status === "fulfilled").length;
      expect(done).toBeLessThanOrEqual(2);
      const { refunded_amount } = await pick(buyers, round).get(bought.id);
      expect(refunded_amount?.amount_minor ?? 0).toBe(done * 40);
    }
    expect(await findImbalance(branches.tables)).toEqual([]);
  },
);

test.each(DATABASES)(
  "[P-SPEND-STOP] [G8] nothing is reserved after a kill switch has answered: %s",
  async (database) => {
    await using branches = await openBranches(database);
    const { buyers, treasurers } = branches;
    await treasurers[0]?.setPolicy(waveThrough);
    for (let round = 0; round < 3; round++) {
      let isStopped = false;
      const lanes = Array.from({ length: 8 }, async (_, lane) => {
        const answers: { readonly status: string; readonly wasStopped: boolean }[] = [];
        for (let index = 0; index < 10; index++) {
          const wasStopped = isStopped;
          const { status } = await pick(buyers, lane + index).buy(1);
          answers.push({ status, wasStopped });
        }
        return answers;
      });
      await pick(treasurers, round).stop();
      isStopped = true;
      const answers = (await Promise.all(lanes)).flat();
      const after = await Promise.all(buyers.map((buyer) => buyer.buy(1)));
      for (const { status } of [...after, ...answers.filter(({ wasStopped }) => wasStopped)]) {
        expect(status).toBe("rejected");
      }
      await pick(treasurers, round).letGoOn();
    }
    expect(await findImbalance(branches.tables)).toEqual([]);
  },
);

/** So many calls at once, at one replica after the other. */
function inTurns<Result>(
  { buyers }: Branches,
  call: (buyer: Branches["buyers"][number]) => Promise<Result>,
): Promise<Result[]> {
  return Promise.all(Array.from({ length: PURCHASES }, (_, index) => call(pick(buyers, index))));
}

function pick<Item>(items: readonly Item[], index: number): Item {
  return items[index % items.length] as Item;
}

async function readProject({ treasurers }: Branches) {
  const budgets = (await treasurers.at(-1)?.budgets()) ?? [];
  return budgets.find(({ scope }) => scope === "project");
}
