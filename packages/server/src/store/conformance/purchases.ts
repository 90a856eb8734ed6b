import { LIMITS } from "@holdpoint/protocol";
import { decodeJwt } from "jose";
import { typeidUnboxed } from "typeid-js";
import { beforeAll, describe, expect, it } from "vitest";
import type { Purchase } from "../../domain/spend/purchase.js";
import type { Store } from "../store.js";
import { HOUR, NOW } from "./fixture.js";
import { DAY, MINUTE, OPEN_POLICY, Spender } from "./spender.js";

/** Later than every time of the other tests on this store, whose holds end on the way. */
const MUCH_LATER = NOW + 400 * DAY;

/** What becomes of the money of one purchase. */
export function testPurchases(useStore: () => Store): void {
  let store: Store;
  let spender: Spender;
  beforeAll(() => {
    store = useStore();
  });

  const open = async (policy: typeof OPEN_POLICY | null = OPEN_POLICY) => {
    spender = await Spender.create(store);
    if (policy !== null) await spender.setPolicy(policy);
  };
  const holdOf = async (purchase: Purchase) => (await spender.read(purchase)).hold;
  const codeOf = (outcome: Awaited<ReturnType<Spender["confirm" | "refund"]>>) =>
    outcome?.outcome === "refused" ? outcome.problem.code : outcome?.outcome;

  describe("when it is made", () => {
    it("goes to a person without any policy, its money held", async () => {
      await open(null);
      const purchase = await spender.buy();
      expect(purchase).toMatchObject({ hold: "HELD", request: { status: "PENDING" } });
      expect(purchase.request.expiresAt).toBe(NOW + 30 * MINUTE);
      expect(await spender.read(purchase)).toEqual(purchase);
      expect(await spender.balance()).toEqual([null, 1_000, 0]);
      expect(await spender.balance("project")).toEqual([null, 1_000, 0]);
      expect(await spender.typesOf(purchase)).toEqual(["request.created", "purchase.reserved"]);
      await spender.expectBalanced();
    });

    it("is let through by policy, with a grant and a hold that end together", async () => {
      await open();
      const purchase = await spender.buy();
      expect(purchase).toMatchObject({
        hold: "HELD",
        holdExpiresAt: NOW + LIMITS.grantMs,
        request: {
          status: "APPROVED",
          revision: 2,
          decidedBy: { type: "policy", id: "spend-policy" },
          grant: { expiresAt: NOW + LIMITS.grantMs },
        },
      });
      expect(await spender.read(purchase)).toEqual(purchase);
      expect(await spender.typesOf(purchase)).toEqual([
        "request.created",
        "purchase.reserved",
        "request.approved",
      ]);
    });

    it("is refused by policy with every check on record, and moves nothing", async () => {
      await open({ ...OPEN_POLICY, per_request_limit: "5.00" });
      const purchase = await spender.buy();
      expect(purchase).toMatchObject({
        hold: "NONE",
        request: { status: "REJECTED", decidedBy: { type: "policy" } },
      });
      expect(purchase.request.reason).toContain("per_request_limit");
      expect(await spender.read(purchase)).toEqual(purchase);
      expect(await spender.balance()).toEqual([null, 0, 0]);
      expect(await spender.typesOf(purchase)).toEqual(["request.created", "request.rejected"]);
      expect(await spender.confirm(purchase)).toMatchObject({ outcome: "refused" });
    });

    it("reserves once, however often it is sent", async () => {
      await open();
      const draft = spender.draft();
      const first = await store.purchases.create(draft);
      const again = await store.purchases.create(draft);
      expect([first.outcome, again.outcome]).toEqual(["created", "replayed"]);
      const { id } = draft.request;
      const other = await store.purchases.create(spender.draft({ amountMinor: 5 }, NOW, id));
      expect(other.outcome).toBe("conflict");
      expect(await spender.balance()).toEqual([null, 1_000, 0]);
    });

    it("leaves an id alone that a request has", async () => {
      await open();
      const request = spender.tenant.draft();
      await store.requests.create(request);
      const made = await store.purchases.create(spender.draft({}, NOW, request.id));
      expect(made.outcome).toBe("conflict");
    });

    it("fits every budget of its chain, or is refused", async () => {
      await open();
      const organisation = await spender.joinOrganisation();
      await spender.fund("organisation", organisation, 2_500);
      await spender.fund("project", spender.tenant.projectId, 5_000);
      await spender.fundAgent(9_000);
      const first = await spender.buy();
      expect(first.remainingMinor).toBe(1_500);
      await spender.buy();
      const third = await spender.buy();
      expect(third).toMatchObject({ hold: "NONE", remainingMinor: 500 });
      const failed = third.checks.filter(({ result }) => result === "fail");
      expect(failed).toMatchObject([{ rule: "budget", scope: "organisation" }]);
      for (const scope of ["organisation", "project", "agent"] as const) {
        expect((await spender.balance(scope))?.slice(1)).toEqual([2_000, 0]);
      }
      await spender.expectBalanced();
    });

    it("is refused while spending is stopped, and takes what is held to its end", async () => {
      await open();
      const before = await spender.buy();
      await spender.stop(true, "project");
      expect(await spender.buy()).toMatchObject({ hold: "NONE" });
      expect(await spender.confirm(before)).toMatchObject({ outcome: "confirmed" });
      await spender.stop(false, "project");
      expect(await spender.buy()).toMatchObject({ hold: "HELD" });
      await spender.expectBalanced();
    });

    it("does not wait with more than a hundred others", async () => {
      await open(null);
      const bought = await Promise.all(
        Array.from({ length: LIMITS.pendingPurchases }, () => spender.buy()),
      );
      const one = spender.draft();
      expect(await store.purchases.create(one)).toEqual({ outcome: "too_many" });
      expect(await store.purchases.find(spender.tenant.projectId, one.request.id)).toBeUndefined();
      const [first] = bought;
      if (first === undefined) throw new Error("Expected purchases.");
      await spender.resolve(first, { status: "REJECTED" });
      expect((await store.purchases.create(one)).outcome).toBe("created");
      // Those that are over by their time do not count, though nobody has ended them yet.
      expect(await store.purchases.create(spender.draft({}, NOW + HOUR))).toMatchObject({
        outcome: "created",
      });
    });

    it("counts in units of a stablecoin, below a cent", async () => {
      await open(null);
      for (let count = 0; count < 3; count += 1) {
        await spender.buy({ currency: "USDC", amountMinor: 1 });
      }
      expect(await spender.balance("agent", "USDC")).toEqual([null, 3, 0]);
    });

    it("is refused before a sum becomes larger than a number can be exact", async () => {
      await open(null);
      const most = 999_999_999_999_999;
      for (let count = 0; count < 9; count += 1) await spender.buy({ amountMinor: most });
      const held = 9 * most;
      await expect(spender.buy({ amountMinor: most })).rejects.toMatchObject({
        code: "BUDGET_EXHAUSTED",
      });
      expect(await spender.balance()).toEqual([null, held, 0]);
    });
  });

  describe("when a person decides", () => {
    it("stays held for the grant's time once it is approved", async () => {
      await open(null);
      const purchase = await spender.buy();
      const at = NOW + 5 * MINUTE;
      await spender.approve(purchase, { at });
      const approved = await spender.read(purchase);
      expect(approved).toMatchObject({ hold: "HELD", holdExpiresAt: at + LIMITS.grantMs });
      expect(approved).not.toHaveProperty("approvedAmountMinor");
      expect(await spender.balance()).toEqual([null, 1_000, 0]);
    });

    it("gives back what a lower amount leaves, and spends no more than it", async () => {
      await open(null);
      await spender.fundAgent(1_000);
      const purchase = await spender.buy();
      await spender.approve(purchase, { amountMinor: 400 });
      expect(await spender.read(purchase)).toMatchObject({
        approvedAmountMinor: 400,
        remainingMinor: 600,
      });
      expect(await spender.balance()).toEqual([1_000, 400, 0]);
      const entries = await spender.entriesOf(purchase);
      expect(entries).toEqual(expect.arrayContaining([["adjust", "held", "available", 600]]));
      expect(codeOf(await spender.confirm(purchase, { actualAmountMinor: 401 }))).toBe(
        "AMOUNT_ABOVE_APPROVED",
      );
      expect(codeOf(await spender.confirm(purchase))).toBe("confirmed");
      expect(await spender.balance()).toEqual([1_000, 0, 400]);
      await spender.expectBalanced();
    });

    it.each([
      ["REJECTED", "RELEASED", "release", "purchase.released"],
      ["CANCELLED", "RELEASED", "release", "purchase.released"],
      ["EXPIRED", "EXPIRED", "expire", "purchase.expired"],
    ] as const)("gives all of it back when it is %s", async (status, hold, kind, type) => {
      await open(null);
      const purchase = await spender.buy();
      const at = status === "EXPIRED" ? NOW + 30 * MINUTE : NOW + MINUTE;
      await spender.resolve(purchase, { status, at });
      expect(await holdOf(purchase)).toBe(hold);
      expect(await spender.balance()).toEqual([null, 0, 0]);
      expect(await spender.entriesOf(purchase)).toEqual([
        ["reserve", "available", "held", 1_000],
        [kind, "held", "available", 1_000],
      ]);
      expect((await spender.typesOf(purchase)).slice(2)).toEqual([
        `request.${status.toLowerCase()}`,
        type,
      ]);
      await spender.expectBalanced();
    });

    it("gives it back in the sweep that ends its time", async () => {
      await open(null);
      const purchase = await spender.buy({}, NOW - 9_000 * HOUR);
      await store.requests.expireDue(NOW - 8_000 * HOUR, 100);
      expect(await holdOf(purchase)).toBe("EXPIRED");
      expect(await spender.balance()).toEqual([null, 0, 0]);
    });

    it("is not approved while spending is stopped, and stays as it was", async () => {
      await open(null);
      const purchase = await spender.buy();
      await spender.stop(true);
      await expect(spender.approve(purchase)).rejects.toMatchObject({ code: "SPENDING_STOPPED" });
      expect(await spender.read(purchase)).toEqual(purchase);
      await spender.stop(false);
      expect(await spender.approve(purchase)).toMatchObject({ outcome: "resolved" });
    });

    it("is not approved against the policy of now, which says what is against it", async () => {
      await open(null);
      const purchase = await spender.buy();
      await spender.setPolicy({ ...OPEN_POLICY, per_request_limit: "9.99" });
      await expect(spender.approve(purchase)).rejects.toMatchObject({
        code: "SPEND_POLICY_REFUSED",
        issues: [{ message: expect.stringContaining("agent per_request_limit") }],
      });
      expect(await spender.read(purchase)).toEqual(purchase);
      expect(await spender.approve(purchase, { amountMinor: 999 })).toMatchObject({
        outcome: "resolved",
      });
    });

    it("is judged without itself, as of when it was reserved", async () => {
      await open(null);
      const purchase = await spender.buy({}, NOW);
      // It is the whole day's money, and by the time of the decision that day is over.
      await spender.setPolicy({ ...OPEN_POLICY, daily_limit: "10.00", requests_per_minute: 1 });
      const at = NOW + 29 * MINUTE;
      expect(await spender.approve(purchase, { at })).toMatchObject({ outcome: "resolved" });
      expect(await spender.buy({ amountMinor: 1 }, NOW + HOUR)).toMatchObject({ hold: "NONE" });
    });
  });

  describe("when it is confirmed", () => {
    it("is spent, once, however often the same is said", async () => {
      await open();
      const purchase = await spender.buy();
      const said = { receiptUrl: "https://shop.example/r/1", externalId: "ch_1" };
      const first = await spender.confirm(purchase, said);
      expect(first).toMatchObject({
        outcome: "confirmed",
        purchase: { hold: "SETTLED", actualAmountMinor: 1_000, late: false, ...said },
      });
      const again = await spender.confirm(purchase, said);
      expect(again).toEqual({ ...first, outcome: "replayed" });
      expect(codeOf(await spender.confirm(purchase, { actualAmountMinor: 999 }))).toBe(
        "PURCHASE_SETTLED",
      );
      expect(codeOf(await spender.confirm(purchase, { success: false }))).toBe("PURCHASE_SETTLED");
      expect(await spender.balance()).toEqual([null, 0, 1_000]);
      expect((await spender.typesOf(purchase)).filter((type) => type.startsWith("pur"))).toEqual([
        "purchase.reserved",
        "purchase.settled",
      ]);
      await spender.expectBalanced();
    });

    it("gives back what was not needed", async () => {
      await open();
      await spender.fundAgent(1_000);
      const purchase = await spender.buy();
      const confirmed = await spender.confirm(purchase, { actualAmountMinor: 750 });
      expect(confirmed).toMatchObject({ purchase: { remainingMinor: 250 } });
      expect(await spender.balance()).toEqual([1_000, 0, 750]);
      await spender.expectBalanced();
    });

    it("gives all of it back where nothing was paid, and its grant is void", async () => {
      await open();
      const purchase = await spender.buy();
      expect(await spender.confirm(purchase, { success: false })).toMatchObject({
        outcome: "confirmed",
        purchase: { hold: "RELEASED" },
      });
      expect(codeOf(await spender.confirm(purchase, { success: false }))).toBe("replayed");
      expect(codeOf(await spender.confirm(purchase))).toBe("PURCHASE_SETTLED");
      // Also for a clock that is behind.
      expect(await spender.claim(purchase, { at: NOW - HOUR }).catch(codeOfError)).toBe(
        "GRANT_EXPIRED",
      );
      expect(await spender.claim(purchase, { at: NOW + HOUR })).toEqual({ outcome: "lost" });
      expect(await spender.balance()).toEqual([null, 0, 0]);
      await spender.expectBalanced();
    });

    it("is refused before anybody has approved it", async () => {
      await open(null);
      const purchase = await spender.buy();
      for (const success of [true, false]) {
        expect(codeOf(await spender.confirm(purchase, { success }))).toBe("PURCHASE_NOT_APPROVED");
      }
      await spender.resolve(purchase, { status: "REJECTED" });
      expect(codeOf(await spender.confirm(purchase))).toBe("PURCHASE_NOT_APPROVED");
      expect(await spender.balance()).toEqual([null, 0, 0]);
    });

    it("bears as much more as the least tolerance, where the limits do", async () => {
      await open({ ...OPEN_POLICY, confirm_tolerance: "1.00", daily_limit: "20.50" });
      await spender.setPolicy({ ...OPEN_POLICY, confirm_tolerance: "2.00" }, "project");
      const [first, second] = [await spender.buy(), await spender.buy()];
      expect(codeOf(await spender.confirm(first, { actualAmountMinor: 1_101 }))).toBe(
        "AMOUNT_ABOVE_APPROVED",
      );
      // 10.00 and 10.60 are more than the day bears, whose other 10.00 is held.
      expect(codeOf(await spender.confirm(first, { actualAmountMinor: 1_060 }))).toBe(
        "AMOUNT_ABOVE_APPROVED",
      );
      expect(await spender.balance()).toEqual([null, 2_000, 0]);
      expect(codeOf(await spender.confirm(first, { actualAmountMinor: 1_050 }))).toBe("confirmed");
      expect(codeOf(await spender.confirm(second, { actualAmountMinor: 1_001 }))).toBe(
        "AMOUNT_ABOVE_APPROVED",
      );
      expect(await spender.balance()).toEqual([null, 1_000, 1_050]);
      expect(await spender.used(NOW)).toEqual(["20.50", "20.50", "20.50", "20.50"]);
      await spender.expectBalanced();
    });

    it("bears nothing more where the budget does not", async () => {
      await open({ ...OPEN_POLICY, confirm_tolerance: "1.00" });
      await spender.fundAgent(1_050);
      const purchase = await spender.buy();
      expect(codeOf(await spender.confirm(purchase, { actualAmountMinor: 1_051 }))).toBe(
        "AMOUNT_ABOVE_APPROVED",
      );
      expect(codeOf(await spender.confirm(purchase, { actualAmountMinor: 1_050 }))).toBe(
        "confirmed",
      );
      expect(await spender.balance()).toEqual([1_050, 0, 1_050]);
      await spender.expectBalanced();
    });

    it("is put on record after its hold has expired, below nothing if need be", async () => {
      await open(null);
      await spender.fundAgent(1_000);
      const expired = await spender.buy();
      await spender.resolve(expired, { status: "EXPIRED", at: NOW + 30 * MINUTE });
      const other = await spender.buy();
      await spender.approve(other);
      expect(await spender.confirm(expired)).toMatchObject({
        outcome: "confirmed",
        purchase: { hold: "SETTLED", late: true, remainingMinor: -1_000 },
      });
      expect(codeOf(await spender.confirm(expired))).toBe("replayed");
      expect(await spender.balance()).toEqual([1_000, 1_000, 1_000]);
      const events = await store.events.listForRequest(
        spender.tenant.projectId,
        expired.request.id,
      );
      const last = events.at(-1);
      expect(last).toMatchObject({
        type: "purchase.settled",
        purchase: { amount_minor: 1_000, late: true },
      });
      const receipt = await store.receipts.find(spender.tenant.projectId, last?.receipt_id ?? "");
      expect(decodeJwt(receipt?.jws ?? "")).toMatchObject({ purchase: { late: true } });
      // What is held can still be paid, and nothing new reserved.
      expect(codeOf(await spender.confirm(other))).toBe("confirmed");
      await spender.setPolicy(OPEN_POLICY);
      expect(await spender.buy({ amountMinor: 1 })).toMatchObject({ hold: "NONE" });
      await spender.expectBalanced({ mayOvershoot: true });
    });
  });

  describe("when it is run", () => {
    it("is given back when the run fails", async () => {
      await open();
      const purchase = await spender.buy();
      await spender.settle(await spender.run(purchase), "FAILED");
      expect(await holdOf(purchase)).toBe("RELEASED");
      expect(codeOf(await spender.confirm(purchase, { success: false }))).toBe("confirmed");
      expect(await spender.balance()).toEqual([null, 0, 0]);
      await spender.expectBalanced();
    });

    it("stays held while it runs, and until what it paid is confirmed", async () => {
      await open();
      const purchase = await spender.buy();
      const execution = await spender.run(purchase);
      expect(codeOf(await spender.confirm(purchase, { success: false }))).toBe("EXECUTION_CLAIMED");
      expect(await store.purchases.endHolds(MUCH_LATER, 1_000)).toMatchObject({});
      expect(await holdOf(purchase)).toBe("HELD");
      await spender.settle(execution, "COMMITTED");
      expect(codeOf(await spender.confirm(purchase, { success: false }))).toBe("EXECUTION_SETTLED");
      expect(await holdOf(purchase)).toBe("HELD");
      expect(codeOf(await spender.confirm(purchase, { actualAmountMinor: 900 }))).toBe("confirmed");
      expect(await spender.balance()).toEqual([null, 0, 900]);
      await spender.expectBalanced();
    });

    it("counts as paid where it ran and nobody ever confirmed it, and is corrected then", async () => {
      await open();
      const purchase = await spender.buy();
      await spender.settle(await spender.run(purchase), "COMMITTED");
      const { holdExpiresAt = 0 } = await spender.read(purchase);
      expect(holdExpiresAt).toBe(NOW + MINUTE + LIMITS.grantMs);
      await store.purchases.endHolds(holdExpiresAt - 1, 1_000);
      expect(await holdOf(purchase)).toBe("HELD");
      await store.purchases.endHolds(holdExpiresAt, 1_000);
      expect(await spender.read(purchase)).toMatchObject({
        hold: "SETTLED",
        actualAmountMinor: 1_000,
      });
      expect(codeOf(await spender.confirm(purchase, { actualAmountMinor: 1_001 }))).toBe(
        "AMOUNT_ABOVE_APPROVED",
      );
      expect(codeOf(await spender.confirm(purchase, { actualAmountMinor: 800 }))).toBe("confirmed");
      expect(codeOf(await spender.confirm(purchase, { actualAmountMinor: 800 }))).toBe("replayed");
      expect(await spender.balance()).toEqual([null, 0, 800]);
      await spender.expectBalanced();
    });

    it("stays held while nobody knows whether it was paid, and goes where the evidence says", async () => {
      await open();
      const [paid, unpaid] = [await spender.buy(), await spender.buy()];
      const runs = [await spender.run(paid), await spender.run(unpaid)];
      await store.executions.lapseDue(NOW + HOUR, 1_000);
      await store.purchases.endHolds(MUCH_LATER, 1_000);
      expect(await spender.balance()).toEqual([null, 2_000, 0]);
      expect(codeOf(await spender.confirm(paid, { success: false }))).toBe("EXECUTION_CLAIMED");
      await spender.reconcile(runs[0] ?? "", "COMMITTED", NOW + HOUR);
      await spender.reconcile(runs[1] ?? "", "FAILED", NOW + HOUR);
      expect([await holdOf(paid), await holdOf(unpaid)]).toEqual(["SETTLED", "RELEASED"]);
      expect(await spender.balance()).toEqual([null, 0, 1_000]);
      await spender.expectBalanced();
    });

    it("runs nothing once it is settled", async () => {
      await open();
      const purchase = await spender.buy();
      await spender.confirm(purchase);
      expect(await spender.claim(purchase).catch(codeOfError)).toBe("GRANT_EXPIRED");
      expect((await spender.read(purchase)).request.executionStatus).toBe("NONE");
    });
  });

  describe("when its hold ends", () => {
    it("is given back where nobody ran it, once", async () => {
      await open();
      const purchase = await spender.buy();
      const until = NOW + LIMITS.grantMs;
      const sweeps = await Promise.all([
        store.purchases.endHolds(until, 1_000),
        store.purchases.endHolds(until, 1_000),
      ]);
      const ended = sweeps.flatMap((sweep) => sweep.ended);
      expect(ended.filter(({ id }) => id === purchase.request.id)).toHaveLength(1);
      expect(await holdOf(purchase)).toBe("EXPIRED");
      expect(await spender.claim(purchase).catch(codeOfError)).toBe("GRANT_EXPIRED");
      expect(await spender.balance()).toEqual([null, 0, 0]);
      expect((await spender.typesOf(purchase)).at(-1)).toBe("purchase.expired");
      expect(codeOf(await spender.confirm(purchase))).toBe("confirmed");
      await spender.expectBalanced();
    });

    it("tells when the next one does", async () => {
      await open();
      const at = NOW - 5_000 * DAY;
      const purchase = await spender.buy({}, at);
      expect(await store.purchases.nextHoldEnd()).toBe(at + LIMITS.grantMs);
      await spender.confirm(purchase);
      expect(await store.purchases.nextHoldEnd()).not.toBe(at + LIMITS.grantMs);
    });
  });

  describe("when money comes back", () => {
    it("is available again, once per refund and never more than was paid", async () => {
      await open();
      await spender.fundAgent(1_000);
      const purchase = await spender.buy();
      await spender.confirm(purchase);
      const id = typeidUnboxed("rfd");
      expect(await spender.refund(purchase, 600, id)).toMatchObject({
        outcome: "refunded",
        purchase: { refundedAmountMinor: 600, remainingMinor: 600 },
      });
      expect(await spender.refund(purchase, 600, id)).toMatchObject({ outcome: "replayed" });
      expect(codeOf(await spender.refund(purchase, 599, id))).toBe("RESOURCE_CONFLICT");
      expect(codeOf(await spender.refund(purchase, 401))).toBe("REFUND_ABOVE_PAID");
      expect(codeOf(await spender.refund(purchase, 400))).toBe("refunded");
      expect(await spender.balance()).toEqual([1_000, 0, 0]);
      await spender.expectBalanced();
    });

    it("is refused where nothing was paid", async () => {
      await open();
      const purchase = await spender.buy();
      expect(codeOf(await spender.refund(purchase, 1))).toBe("REFUND_ABOVE_PAID");
      expect(
        await store.purchases.refund(spender.tenant.projectId, "req_x", {
          id: typeidUnboxed("rfd"),
          amountMinor: 1,
          operator: spender.tenant.admin,
          at: NOW,
        }),
      ).toBeUndefined();
    });
  });

  it("keeps its facts when its contents are deleted", async () => {
    await open(null);
    const at = NOW - 6_000 * DAY;
    const purchase = await spender.buy({ payee: "hosting.example" }, at);
    await spender.approve(purchase);
    await spender.confirm(purchase);
    const now = at + LIMITS.grantMs + HOUR;
    const cutoffs = { now, contentsBefore: at + HOUR, abandonedBefore: 0 };
    expect(await store.retention.deleteContents(cutoffs, 100)).toBeGreaterThan(0);
    const kept = await spender.read(purchase);
    expect(kept.request).toMatchObject({ contentsDeletedAt: now });
    expect(kept.request).not.toHaveProperty("payload");
    expect(kept).toMatchObject({ hold: "SETTLED", terms: { payee: "hosting.example" } });
    expect(codeOf(await spender.refund(purchase, 1_000))).toBe("refunded");
  });

  it("is not there for another project", async () => {
    await open();
    const purchase = await spender.buy();
    const { tenant } = await Spender.create(store);
    expect(await store.purchases.find(tenant.projectId, purchase.request.id)).toBeUndefined();
    const elsewhere = { ...purchase, request: { ...purchase.request } };
    const foreign = await Spender.create(store);
    expect(await foreign.confirm(elsewhere)).toBeUndefined();
    expect(await foreign.refund(elsewhere, 1)).toBeUndefined();
  });
}

function codeOfError(error: unknown): unknown {
  return (error as { readonly code?: unknown }).code;
}
