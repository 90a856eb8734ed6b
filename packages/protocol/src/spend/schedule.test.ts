import { describe, expect, test } from "vitest";
import { evaluatePurchase } from "./evaluate.js";
import { judgeOf, policyOf } from "./fixtures/policy.js";
import type { SpendPolicy, SpendSchedule } from "./policy.js";

function isOpen(timezone: string, schedule: SpendSchedule, instant: string): boolean {
  const policy = policyOf({ timezone, schedule });
  return judgeOf({ policy, at: instant }).schedule?.result === "pass";
}

const office: SpendSchedule = { default: { allow: ["09:00-12:00", "13:00-17:30"] } };

describe("hours", () => {
  test.each([
    ["08:59:59.999", false],
    ["09:00:00", true],
    ["11:59:59.999", true],
    ["12:00:00", false],
    ["13:00:00", true],
    ["17:29:59.999", true],
    ["17:30:00", false],
  ])("hold from their first minute to their last, not included: %s", (time, open) => {
    expect(isOpen("UTC", office, `2026-03-04T${time}Z`)).toBe(open);
  });

  test.each([
    ["00:00-24:00", "00:00:00", true],
    ["00:00-24:00", "23:59:59.999", true],
    ["22:00-24:00", "23:59:59.999", true],
    ["22:00-24:00", "21:59:59.999", false],
    ["22:00-00:00", "23:59:59.999", true],
    ["22:00-00:00", "00:00:00", false],
  ])("%s at %s", (allow, time, open) => {
    expect(isOpen("UTC", { default: { allow } }, `2026-03-04T${time}Z`)).toBe(open);
  });

  test.each([
    ["Asia/Kathmandu", "2026-03-04T03:14:59Z", false],
    ["Asia/Kathmandu", "2026-03-04T03:15:00Z", true],
    ["America/New_York", "2026-03-04T13:59:59Z", false],
    ["America/New_York", "2026-03-04T14:00:00Z", true],
    ["Europe/Berlin", "2026-03-04T08:00:00Z", true],
    ["Europe/Berlin", "2026-07-01T07:00:00Z", true],
    ["Europe/Berlin", "2026-07-01T06:59:59Z", false],
  ])("are those of the clocks in %s: %s", (timezone, instant, open) => {
    expect(isOpen(timezone, office, instant)).toBe(open);
  });
});

describe("days", () => {
  // 2026-03-06 is a Friday.
  const weekend: SpendSchedule = {
    default: { allow: "09:00-17:00" },
    overrides: [
      { days: ["fri", "sat"], daily_limit: "5" },
      { days: ["fri"], allow: "22:00-06:00" },
      { days: ["sat"], deny: true },
      { days: ["sat", "sun"], allow: "10:00-12:00" },
    ],
  };

  test.each([
    ["2026-03-05T10:00:00Z", true, "Thursday, by the default"],
    ["2026-03-06T10:00:00Z", false, "Friday, by its override alone"],
    ["2026-03-06T05:00:00Z", false, "Friday early, which no Thursday evening covers"],
    ["2026-03-06T22:00:00Z", true, "Friday night"],
    ["2026-03-07T03:00:00Z", true, "Saturday early, by Friday's entry and against Saturday's"],
    ["2026-03-07T06:00:00Z", false, "Saturday, once Friday's night is over"],
    ["2026-03-07T11:00:00Z", false, "Saturday, by the first that decides"],
    ["2026-03-08T03:00:00Z", false, "Sunday early, which Saturday does not open"],
    ["2026-03-08T11:00:00Z", true, "Sunday"],
  ])("%s open: %s (%s)", (instant, open) => {
    expect(isOpen("UTC", weekend, instant)).toBe(open);
  });

  test.each([
    ["neither default nor override", {}, true],
    ["an empty default", { default: {} }, true],
    ["overrides for other days", { overrides: [{ days: ["mon"], deny: true }] }, true],
    [
      "an override that sets a limit only",
      { overrides: [{ days: ["fri"], daily_limit: "1000" }] },
      true,
    ],
    ["a night of another day", { default: { allow: "22:00-23:00" } }, false],
  ] as const)("with %s", (_name, schedule, open) => {
    expect(isOpen("UTC", schedule, "2026-03-06T10:00:00Z")).toBe(open);
  });
});

describe("clocks that are changed", () => {
  test.each([
    // Berlin skips 02:00 to 03:00 on 2026-03-29: 01:00Z is 03:00.
    ["02:00-03:00", "2026-03-29T00:59:59Z", false, "the hour that does not exist"],
    ["02:00-03:00", "2026-03-29T01:00:00Z", false, "the hour that does not exist"],
    ["02:30-04:00", "2026-03-29T01:29:59Z", false, "begins as much later as is skipped: 03:30"],
    ["02:30-04:00", "2026-03-29T01:30:00Z", true, "begins as much later as is skipped: 03:30"],
    ["01:00-02:30", "2026-03-29T01:29:59Z", true, "ends as much later as is skipped: 03:30"],
    ["01:00-02:30", "2026-03-29T01:30:00Z", false, "ends as much later as is skipped: 03:30"],
    ["22:00-06:00", "2026-03-29T03:59:59Z", true, "a night of seven hours"],
    ["22:00-06:00", "2026-03-29T04:00:00Z", false, "a night of seven hours"],
    // Berlin shows 02:00 to 03:00 twice on 2026-10-25: from 00:00Z and from 01:00Z.
    ["02:00-03:00", "2026-10-25T00:00:00Z", true, "the first of two"],
    ["02:00-03:00", "2026-10-25T01:59:59Z", true, "and the second: 03:00 comes once"],
    ["02:00-03:00", "2026-10-25T02:00:00Z", false, "03:00"],
    ["02:00-02:30", "2026-10-25T00:29:59Z", true, "the first 02:00 to the first 02:30"],
    ["02:00-02:30", "2026-10-25T01:15:00Z", false, "not the second 02:15"],
    ["22:00-06:00", "2026-10-25T04:59:59Z", true, "a night of nine hours"],
    ["22:00-06:00", "2026-10-25T05:00:00Z", false, "a night of nine hours"],
  ])("in Berlin %s at %s: %s (%s)", (allow, instant, open) => {
    expect(isOpen("Europe/Berlin", { default: { allow } }, instant)).toBe(open);
  });

  test.each([
    // New York skips 02:00 to 03:00 on 2026-03-08: 07:00Z is 03:00.
    ["America/New_York", "02:00-03:00", "2026-03-08T07:00:00Z", false],
    ["America/New_York", "03:00-04:00", "2026-03-08T07:00:00Z", true],
    ["America/New_York", "01:00-02:00", "2026-11-01T05:30:00Z", true],
    ["America/New_York", "01:00-02:00", "2026-11-01T06:30:00Z", true],
    ["America/New_York", "01:00-02:00", "2026-11-01T07:00:00Z", false],
    // Lord Howe skips 02:00 to 02:30 on 2026-10-04: 15:30Z is 02:30.
    ["Australia/Lord_Howe", "02:00-02:30", "2026-10-03T15:29:59Z", false],
    ["Australia/Lord_Howe", "02:00-02:30", "2026-10-03T15:30:00Z", false],
    ["Australia/Lord_Howe", "02:15-03:00", "2026-10-03T15:44:59Z", false],
    ["Australia/Lord_Howe", "02:15-03:00", "2026-10-03T15:45:00Z", true],
    // And shows 01:30 to 02:00 twice on 2026-04-05: from 14:30Z and from 15:00Z.
    ["Australia/Lord_Howe", "01:30-02:00", "2026-04-04T14:30:00Z", true],
    ["Australia/Lord_Howe", "01:30-02:00", "2026-04-04T15:29:59Z", true],
    ["Australia/Lord_Howe", "01:30-02:00", "2026-04-04T15:30:00Z", false],
  ])("in %s %s at %s: %s", (timezone, allow, instant, open) => {
    expect(isOpen(timezone, { default: { allow } }, instant)).toBe(open);
  });

  test("tell the time that the clocks show", () => {
    const policy = policyOf({
      timezone: "Europe/Berlin",
      schedule: { default: { allow: "02:00-03:00" } },
    });
    const told = (at: string) => judgeOf({ policy, at }).schedule?.detail;
    expect(told("2026-10-25T00:30:00Z")).toBe(
      "sun 02:30 in Europe/Berlin is within sun 02:00-03:00",
    );
    expect(told("2026-10-25T01:30:00Z")).toBe(
      "sun 02:30 in Europe/Berlin is within sun 02:00-03:00",
    );
    expect(told("2026-10-26T01:05:00Z")).toBe(
      "mon 02:05 in Europe/Berlin is within mon 02:00-03:00",
    );
    expect(told("2026-10-26T02:00:00Z")).toBe(
      "mon 03:00 in Europe/Berlin is not within mon 02:00-03:00",
    );
  });
});

describe("the limit of a day", () => {
  const policy: SpendPolicy = policyOf({
    timezone: "America/New_York",
    daily_limit: "150",
    schedule: {
      default: { allow: "22:00-06:00" },
      overrides: [
        { days: ["sat"], allow: "00:00-24:00" },
        { days: ["sat", "sun"], daily_limit: "0" },
        { days: ["sun"], daily_limit: "50" },
      ],
    },
  });

  test.each([
    // 03:30 UTC on Saturday is still Friday in New York.
    ["2026-03-07T03:30:00Z", "0.00 + 40.00 of 150.00 EUR today", "pass"],
    ["2026-03-07T05:30:00Z", "0.00 + 40.00 of 0.00 EUR today (limit for sat)", "fail"],
    ["2026-03-08T06:30:00Z", "0.00 + 40.00 of 0.00 EUR today (limit for sun)", "fail"],
  ])(
    "is that of the first override that has one, by the policy's own clocks: %s",
    (at, detail, result) => {
      expect(judgeOf({ policy, at }).daily_limit).toEqual({ result, detail });
    },
  );

  test("does not stop an override of the hours from being found", () => {
    expect(judgeOf({ policy, at: "2026-03-07T17:00:00Z" }).schedule?.result).toBe("pass");
  });
});

test("two policies have their own days", () => {
  const usage = {
    dayMinor: 0n,
    weekMinor: 0n,
    monthMinor: 0n,
    totalMinor: 0n,
    lastMinute: 0,
    lastHour: 0,
  };
  const schedule = { overrides: [{ days: ["sat" as const], deny: true as const }] };
  const { checks } = evaluatePurchase({
    purchase: { amountMinor: 1n, currency: "EUR", category: "software" },
    instantMs: Date.parse("2026-03-06T18:00:00Z"),
    scopes: [
      {
        scope: "agent",
        stopped: false,
        usage,
        policy: policyOf({ timezone: "Asia/Kathmandu", schedule }),
      },
      {
        scope: "project",
        stopped: false,
        usage,
        policy: policyOf({ timezone: "Asia/Tokyo", schedule }),
      },
    ],
  });
  const results = checks.filter(({ rule }) => rule === "schedule").map(({ result }) => result);
  expect(results).toEqual(["pass", "fail"]);
});
