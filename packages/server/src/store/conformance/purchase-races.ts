import { LIMITS } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import { beforeAll, expect, it } from "vitest";
import type { Purchase } from "../../domain/spend/purchase.js";
import type { Store } from "../store.js";
import { NOW } from "./fixture.js";
import { DAY, MINUTE, OPEN_POLICY, Spender } from "./spender.js";

/** More than any store deals with one by one. */
const LONG_MS = 120_000;
/** Ends of holds of one test, which the sweeps of another do not reach. */
let epoch = NOW - 4_000 * DAY;

/**
 * Money at the same moment.
 *
 * @param useStores - Stores over one database, which take the calls in turn.
 */
export function testPurchaseRaces(useStores: () => readonly Store[]): void {
  let stores: readonly Store[];
  let spender: Spender;
  beforeAll(() => {
    stores = useStores();
  });

  const open = async (policy: typeof OPEN_POLICY | null = OPEN_POLICY) => {
    spender = await Spender.create(...stores);
    if (policy !== null) await spender.setPolicy(policy);
    epoch += 100 * DAY;
    return epoch;
  };
  const times = <Result>(count: number, call: (index: number) => Promise<Result>) =>
    Promise.all(Array.from({ length: count }, (_, index) => call(index)));
  const outcomesOf = (answers: readonly ({ readonly outcome: string } | undefined)[]) =>
    answers.map((answer) => answer?.outcome).toSorted();
  const heldOf = (purchases: readonly Purchase[]) =>
    purchases.filter(({ hold }) => hold === "HELD").length;

  it("[G8] lets 100 of 500 through that 100 fit, to the minor unit", {
    timeout: LONG_MS,
  }, async () => {
    await open();
    const organisation = await spender.joinOrganisation();
    await spender.fund("organisation", organisation, 100_999);
    await spender.fundAgent(500_000);
    const purchases = await times(500, () => spender.buy({ amountMinor: 1_000 }));
    expect(heldOf(purchases)).toBe(100);
    expect(await spender.balance("organisation")).toEqual([100_999, 100_000, 0]);
    expect(await spender.balance("project")).toEqual([null, 100_000, 0]);
    expect(await spender.balance("agent")).toEqual([500_000, 100_000, 0]);
    await spender.expectBalanced();
  });

  it("[G8] lets 100 of 500 through that a day's limit bears", { timeout: LONG_MS }, async () => {
    await open({ ...OPEN_POLICY, daily_limit: "1009.99", requests_per_minute: 200 });
    const purchases = await times(500, () => spender.buy({ amountMinor: 1_000 }));
    expect(heldOf(purchases)).toBe(100);
    expect((await spender.used(NOW))[0]).toBe("1000.00");
    await spender.expectBalanced();
  });

  it("[G8] lets no more through than a rate of purchases", { timeout: LONG_MS }, async () => {
    await open({ ...OPEN_POLICY, requests_per_hour: 20 });
    expect(heldOf(await times(200, () => spender.buy()))).toBe(20);
  });

  it("[G8] keeps the budget that many projects share", { timeout: LONG_MS }, async () => {
    await open();
    const organisation = await spender.joinOrganisation();
    const others = await times(4, async () => {
      const other = await Spender.create(...stores);
      await other.setPolicy(OPEN_POLICY);
      return other;
    });
    const all = [spender, ...others];
    const ids = all.map(({ tenant }) => tenant.projectId);
    await spender.store.organisations.change(organisation, { projectIds: ids }, ids);
    await spender.fund("organisation", organisation, 60_000);
    const purchases = await times(300, (index) => (all[index % all.length] as Spender).buy());
    expect(heldOf(purchases)).toBe(60);
    for (const one of all) await one.expectBalanced();
  });

  it("waits for no lock of itself when projects are crossed", { timeout: LONG_MS }, async () => {
    await open(null);
    const other = await Spender.create(...stores);
    const both = [spender, other];
    const bought = await times(80, (index) => (both[index % 2] as Spender).buy());
    await times(80, (index) =>
      index % 4 < 2
        ? (both[index % 2] as Spender).resolve(bought[index] as Purchase, { status: "REJECTED" })
        : (both[index % 2] as Spender).approve(bought[index] as Purchase),
    );
    for (const one of both) {
      expect(await one.balance()).toEqual([null, 20_000, 0]);
      await one.expectBalanced();
    }
  });

  it("reserves one of 100 creations of the same id", { timeout: LONG_MS }, async () => {
    await open();
    const draft = spender.draft();
    const made = await times(100, () => spender.store.purchases.create(draft));
    expect(made.filter(({ outcome }) => outcome === "created")).toHaveLength(1);
    expect(made.filter(({ outcome }) => outcome === "replayed")).toHaveLength(99);
    expect(await spender.balance()).toEqual([null, 1_000, 0]);
    await spender.expectBalanced();
  });

  it("ends each purchase once when decisions meet its expiry", { timeout: LONG_MS }, async () => {
    const at = await open(null);
    const purchases = await times(40, () => spender.buy({}, at));
    const expiry = at + 30 * MINUTE;
    const [, ...decided] = await Promise.all([
      spender.store.requests.expireDue(expiry, 25),
      ...purchases.map((purchase, index) =>
        index % 2 === 0
          ? spender.approve(purchase, { at: expiry - 1, amountMinor: 600 })
          : spender.resolve(purchase, { status: "CANCELLED", at: expiry - 1 }),
      ),
      spender.store.requests.expireDue(expiry, 25).then(() => undefined),
    ]);
    await spender.store.requests.expireDue(expiry, 100);
    const approved = decided.filter(
      (answer) =>
        answer?.outcome === "resolved" && answer.request.status === "APPROVED_WITH_MODIFICATIONS",
    );
    expect(await spender.balance()).toEqual([null, approved.length * 600, 0]);
    for (const purchase of purchases) {
      const moved = (await spender.entriesOf(purchase)).map(([kind]) => kind);
      expect([
        ["reserve", "adjust"],
        ["reserve", "release"],
        ["reserve", "expire"],
      ]).toContainEqual(moved);
    }
    await spender.expectBalanced();
  });

  it("settles once of 50 that confirm the same", { timeout: LONG_MS }, async () => {
    await open();
    const purchase = await spender.buy();
    const answers = await times(50, () => spender.confirm(purchase));
    expect(outcomesOf(answers)).toEqual(["confirmed", ...Array(49).fill("replayed")]);
    expect(await spender.balance()).toEqual([null, 0, 1_000]);
    await spender.expectBalanced();
  });

  it("settles one of 50 that confirm otherwise, paid or not", { timeout: LONG_MS }, async () => {
    await open();
    const purchase = await spender.buy();
    const answers = await times(50, (index) =>
      index % 2 === 0
        ? spender.confirm(purchase, { success: false, digest: `${index}` })
        : spender.confirm(purchase, { actualAmountMinor: 100 + index, digest: `${index}` }),
    );
    expect(outcomesOf(answers)).toEqual(["confirmed", ...Array(49).fill("refused")]);
    const { hold, actualAmountMinor = 0 } = await spender.read(purchase);
    expect(["SETTLED", "RELEASED"]).toContain(hold);
    expect(await spender.balance()).toEqual([null, 0, actualAmountMinor]);
    await spender.expectBalanced();
  });

  it("refunds what was paid, once, of 40 refunds at once", { timeout: LONG_MS }, async () => {
    await open();
    const purchase = await spender.buy();
    await spender.confirm(purchase);
    const id = typeidUnboxed("rfd");
    const same = await times(20, () => spender.refund(purchase, 300, id));
    expect(outcomesOf(same)).toEqual(["refunded", ...Array(19).fill("replayed")]);
    const others = await times(20, () => spender.refund(purchase, 100));
    expect(outcomesOf(others).filter((outcome) => outcome === "refunded")).toHaveLength(7);
    expect(await spender.balance()).toEqual([null, 0, 0]);
    await spender.expectBalanced();
  });

  it("refunds nothing that is not confirmed yet, when both come at once", {
    timeout: LONG_MS,
  }, async () => {
    await open();
    const purchases = await times(20, () => spender.buy());
    const answers = await Promise.all(
      purchases.flatMap((purchase) => [spender.confirm(purchase), spender.refund(purchase, 400)]),
    );
    const refunded = answers.filter((answer) => answer?.outcome === "refunded").length;
    expect(answers.filter((answer) => answer?.outcome === "confirmed")).toHaveLength(20);
    expect(await spender.balance()).toEqual([null, 0, 20_000 - 400 * refunded]);
    await spender.expectBalanced();
  });

  it("gives back or pays, never both, when the end of a hold meets its confirmation", {
    timeout: LONG_MS,
  }, async () => {
    const at = await open();
    const purchases = await times(20, () => spender.buy({}, at));
    const until = at + LIMITS.grantMs;
    const [, , ...answers] = await Promise.all([
      spender.store.purchases.endHolds(until, 100),
      spender.store.purchases.endHolds(until, 100),
      ...purchases.map((purchase) => spender.confirm(purchase)),
    ]);
    // One that comes too late is put on record all the same.
    expect(outcomesOf(answers)).toEqual(Array(20).fill("confirmed"));
    expect(await spender.balance()).toEqual([null, 0, 20_000]);
    for (const purchase of purchases) {
      const { late } = await spender.read(purchase);
      const moved = (await spender.entriesOf(purchase)).map(([kind]) => kind).toSorted();
      expect(moved).toEqual(late ? ["expire", "late", "reserve"] : ["reserve", "settle"]);
    }
    await spender.expectBalanced();
  });

  it("runs or gives back, never both, when a claim meets what takes the money", {
    timeout: LONG_MS,
  }, async () => {
    const at = await open();
    const purchases = await times(30, () => spender.buy({}, at));
    const until = at + LIMITS.grantMs;
    const claims = purchases.map((purchase) =>
      spender
        .claim(purchase, { at: until - 1, leaseExpiresAt: until + DAY })
        .catch(() => undefined),
    );
    const [, ...answers] = await Promise.all([
      spender.store.purchases.endHolds(until, 15),
      ...claims,
      ...purchases.map((purchase) =>
        spender.confirm(purchase, { success: false }).then(() => undefined),
      ),
    ]);
    const claimed = answers.filter((answer) => answer?.outcome === "claimed").length;
    for (const purchase of purchases) {
      const { hold, request } = await spender.read(purchase);
      expect(hold === "HELD").toBe(request.executionStatus === "CLAIMED");
    }
    expect(await spender.balance()).toEqual([null, claimed * 1_000, 0]);
    await spender.expectBalanced();
  });
}
