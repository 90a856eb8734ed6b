import type { SpendPolicy } from "@holdpoint/protocol/spend";
import { beforeAll, expect, it } from "vitest";
import type { Store } from "../store.js";
import { makeApiKey, NOW } from "./fixture.js";
import { DAY, MINUTE, OPEN_POLICY, Spender } from "./spender.js";

const HOUR = 60 * MINUTE;
const BERLIN: SpendPolicy = { ...OPEN_POLICY, timezone: "Europe/Berlin" };
const at = (time: string) => Date.parse(time);

/** Which day, week and month money counts in. */
export function testPurchaseWindows(useStore: () => Store): void {
  let store: Store;
  let spender: Spender;
  beforeAll(() => {
    store = useStore();
  });

  const open = async (policy: SpendPolicy = BERLIN) => {
    spender = await Spender.create(store);
    await spender.setPolicy(policy);
  };

  it("counts in the day, week and month of the policy's time zone", async () => {
    await open();
    // Saturday the 31st, 23:30 in Berlin, where UTC has not begun the day's last hour.
    await spender.buy({ amountMinor: 100 }, at("2026-01-31T22:30:00Z"));
    expect(await spender.used(at("2026-01-31T22:59:59Z"))).toEqual([
      "1.00",
      "1.00",
      "1.00",
      "1.00",
    ]);
    // Sunday, in another month.
    expect(await spender.used(at("2026-01-31T23:00:00Z"))).toEqual([
      "0.00",
      "1.00",
      "0.00",
      "1.00",
    ]);
    // Monday.
    expect(await spender.used(at("2026-02-01T23:00:00Z"))).toEqual([
      "0.00",
      "0.00",
      "0.00",
      "1.00",
    ]);
  });

  it("counts a day of 25 hours and one of 23 as the one day each is", async () => {
    await open();
    await spender.buy({ amountMinor: 100 }, at("2026-10-24T22:00:00Z"));
    await spender.buy({ amountMinor: 200 }, at("2026-10-25T22:59:59Z"));
    expect((await spender.used(at("2026-10-25T12:00:00Z")))[0]).toBe("3.00");
    expect((await spender.used(at("2026-10-25T23:00:00Z")))[0]).toBe("0.00");
    await spender.buy({ amountMinor: 400 }, at("2026-03-28T23:00:00Z"));
    await spender.buy({ amountMinor: 800 }, at("2026-03-29T21:59:59Z"));
    expect((await spender.used(at("2026-03-29T12:00:00Z")))[0]).toBe("12.00");
    expect((await spender.used(at("2026-03-29T22:00:00Z")))[0]).toBe("0.00");
  });

  it("gives back to the windows it was reserved in, whatever has begun since", async () => {
    await open({ ...BERLIN, auto_approve: { enabled: false } });
    const old = at("2026-01-31T22:30:00Z");
    const released = await spender.buy({ amountMinor: 100 }, old);
    const expired = await spender.buy({ amountMinor: 200 }, old);
    const lowered = await spender.buy({ amountMinor: 400 }, old);
    const kept = await spender.buy({ amountMinor: 800 }, old + 2 * HOUR);
    expect((await spender.used(old))[0]).toBe("7.00");
    expect((await spender.used(old + 2 * HOUR))[0]).toBe("8.00");
    await spender.resolve(released, { status: "REJECTED", at: old + 20 * MINUTE });
    await spender.resolve(expired, { status: "EXPIRED", at: old + 3 * HOUR });
    await spender.approve(lowered, { at: old + 29 * MINUTE, amountMinor: 300 });
    await spender.approve(kept, { at: old + 2 * HOUR + MINUTE });
    expect(await spender.used(old)).toEqual(["3.00", "11.00", "3.00", "11.00"]);
    await spender.confirm(lowered, { actualAmountMinor: 250, at: old + 5 * DAY });
    expect(await spender.used(old)).toEqual(["2.50", "10.50", "2.50", "10.50"]);
    expect(await spender.used(old + 2 * HOUR)).toEqual(["8.00", "10.50", "8.00", "10.50"]);
    expect(await spender.used(old + 5 * DAY)).toEqual(["0.00", "0.00", "8.00", "10.50"]);
  });

  it("refunds into the windows of the reservation, and leaves no room today", async () => {
    await open({ ...OPEN_POLICY, daily_limit: "10.00" });
    const lastMonth = NOW - 20 * DAY;
    const old = await spender.buy({ amountMinor: 1_000 }, lastMonth);
    await spender.confirm(old);
    await spender.buy({ amountMinor: 600 }, NOW);
    await spender.refund(old, 700);
    expect(await spender.used(lastMonth)).toEqual(["3.00", "3.00", "3.00", "9.00"]);
    expect(await spender.used(NOW)).toEqual(["6.00", "6.00", "6.00", "9.00"]);
    expect(await spender.buy({ amountMinor: 401 }, NOW)).toMatchObject({ hold: "NONE" });
    expect(await spender.buy({ amountMinor: 400 }, NOW)).toMatchObject({ hold: "HELD" });
  });

  it("counts a late payment where it was reserved", async () => {
    await open({ ...BERLIN, auto_approve: { enabled: false } });
    const purchase = await spender.buy({ amountMinor: 500 }, NOW);
    expect((await spender.used(NOW))[0]).toBe("5.00");
    await spender.resolve(purchase, { status: "EXPIRED", at: NOW + HOUR });
    expect((await spender.used(NOW))[0]).toBe("0.00");
    await spender.confirm(purchase, { at: NOW + 3 * DAY });
    expect((await spender.used(NOW))[0]).toBe("5.00");
    expect((await spender.used(NOW + 3 * DAY))[0]).toBe("0.00");
  });

  it("sums what was there before anybody asked, also by the clocks of another zone", async () => {
    spender = await Spender.create(store);
    const evening = at("2026-02-10T23:30:00Z");
    const held = await spender.buy({ amountMinor: 100 }, evening);
    await spender.resolve(held, { status: "REJECTED", at: evening + MINUTE });
    const paid = await spender.buy({ amountMinor: 1_000 }, evening);
    await spender.approve(paid, { amountMinor: 900 });
    await spender.confirm(paid, { actualAmountMinor: 800 });
    await spender.refund(paid, 50);
    await spender.buy({ amountMinor: 7 }, evening);
    await spender.setPolicy({ ...OPEN_POLICY, timezone: "UTC" });
    expect((await spender.used(evening))[0]).toBe("7.57");
    await spender.setPolicy(BERLIN);
    expect((await spender.used(at("2026-02-10T12:00:00Z")))[0]).toBe("0.00");
    expect((await spender.used(at("2026-02-11T12:00:00Z")))[0]).toBe("7.57");
    // Both go on side by side.
    await spender.refund(paid, 50);
    expect((await spender.used(evening))[0]).toBe("7.07");
    await spender.setPolicy({ ...OPEN_POLICY, timezone: "UTC" });
    expect((await spender.used(evening))[0]).toBe("7.07");
  });

  it("counts all agents of a project against its policy, and each against its own", async () => {
    await open();
    const { projectId } = spender.tenant;
    await spender.setPolicy({ ...OPEN_POLICY, daily_limit: "15.00" }, "project");
    const key = makeApiKey(projectId, `${projectId}-hash`, "other");
    const { agent } = await store.apiKeys.create({ ...key, newAgentId: `${projectId}-agent` });
    const { request, ...rest } = spender.draft({ amountMinor: 800 });
    await store.purchases.create({ ...rest, request: { ...request, agent } });
    await spender.buy({ amountMinor: 600 });
    expect((await spender.used(NOW, "agent"))[0]).toBe("6.00");
    expect((await spender.used(NOW, "project"))[0]).toBe("14.00");
    const third = await spender.buy({ amountMinor: 101 });
    const failed = third.checks.filter(({ result }) => result === "fail");
    expect(failed).toMatchObject([{ rule: "daily_limit", scope: "project" }]);
  });

  it("counts purchases of the last minute and hour, but none that was refused", async () => {
    await open({ ...OPEN_POLICY, requests_per_minute: 2, requests_per_hour: 3 });
    expect(await spender.buy({}, NOW)).toMatchObject({ hold: "HELD" });
    await spender.buy({ category: "probe" }, NOW);
    expect(await spender.buy({}, NOW + MINUTE - 1)).toMatchObject({ hold: "HELD" });
    expect(await spender.buy({}, NOW + MINUTE - 1)).toMatchObject({ hold: "NONE" });
    expect(await spender.buy({}, NOW + MINUTE)).toMatchObject({ hold: "HELD" });
    expect(await spender.buy({}, NOW + HOUR - 1)).toMatchObject({ hold: "NONE" });
    expect(await spender.buy({}, NOW + HOUR)).toMatchObject({ hold: "HELD" });
  });

  it("counts what was reserved before it by a clock that is ahead, or overtook it on the way", async () => {
    await open({ ...OPEN_POLICY, requests_per_minute: 2 });
    await spender.buy({}, NOW + 3);
    await spender.buy({}, NOW + 2);
    expect(await spender.buy({}, NOW)).toMatchObject({ hold: "NONE" });
  });

  it("counts each currency by itself", async () => {
    await open();
    await spender.buy({ amountMinor: 500 });
    const dollars = await spender.buy({ amountMinor: 500, currency: "USD" });
    expect(dollars).toMatchObject({ hold: "NONE" });
    const failed = dollars.checks.filter(({ result }) => result === "fail");
    expect(failed.map(({ rule }) => rule)).toContain("currency");
    expect((await spender.used(NOW))[3]).toBe("5.00");
    expect(await spender.balance("agent", "USD")).toEqual([null, 0, 0]);
  });
}
