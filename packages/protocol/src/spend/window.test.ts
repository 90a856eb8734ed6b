import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SPEND_WINDOWS, windowsAt } from "./window.js";

const HOUR_MS = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString().replace(":00.000Z", "Z");

function windowOf(timezone: string, instant: string, window: (typeof SPEND_WINDOWS)[number]) {
  const { startsAt, endsAt } = windowsAt(timezone, Date.parse(instant))[window];
  return `${iso(startsAt)} ${iso(endsAt)} ${(endsAt - startsAt) / HOUR_MS} h`;
}

describe("[P-SPEND-WINDOWS] windows", () => {
  test.each([
    ["UTC", "2026-03-04T12:00:00Z", "day", "2026-03-04T00:00Z 2026-03-05T00:00Z 24 h"],
    ["UTC", "2026-03-04T00:00:00Z", "day", "2026-03-04T00:00Z 2026-03-05T00:00Z 24 h"],
    ["UTC", "2026-03-01T23:59:59.999Z", "week", "2026-02-23T00:00Z 2026-03-02T00:00Z 168 h"],
    ["UTC", "2026-03-02T00:00:00Z", "week", "2026-03-02T00:00Z 2026-03-09T00:00Z 168 h"],
    ["UTC", "2026-12-31T23:00:00Z", "month", "2026-12-01T00:00Z 2027-01-01T00:00Z 744 h"],
    ["UTC", "2028-02-29T12:00:00Z", "month", "2028-02-01T00:00Z 2028-03-01T00:00Z 696 h"],
    // Clocks are put forward: the last Sunday of March has 23 hours.
    ["Europe/Berlin", "2026-03-29T12:00:00Z", "day", "2026-03-28T23:00Z 2026-03-29T22:00Z 23 h"],
    ["Europe/Berlin", "2026-03-29T12:00:00Z", "week", "2026-03-22T23:00Z 2026-03-29T22:00Z 167 h"],
    ["Europe/Berlin", "2026-10-25T12:00:00Z", "day", "2026-10-24T22:00Z 2026-10-25T23:00Z 25 h"],
    ["Europe/Berlin", "2026-10-25T12:00:00Z", "month", "2026-09-30T22:00Z 2026-10-31T23:00Z 745 h"],
    ["America/New_York", "2026-03-08T12:00:00Z", "day", "2026-03-08T05:00Z 2026-03-09T04:00Z 23 h"],
    ["America/New_York", "2026-11-01T12:00:00Z", "day", "2026-11-01T04:00Z 2026-11-02T05:00Z 25 h"],
    // By half an hour.
    [
      "Australia/Lord_Howe",
      "2026-10-04T00:00:00Z",
      "day",
      "2026-10-03T13:30Z 2026-10-04T13:00Z 23.5 h",
    ],
    [
      "Australia/Lord_Howe",
      "2026-04-05T00:00:00Z",
      "day",
      "2026-04-04T13:00Z 2026-04-05T13:30Z 24.5 h",
    ],
    ["Asia/Kathmandu", "2026-03-04T18:15:00Z", "day", "2026-03-04T18:15Z 2026-03-05T18:15Z 24 h"],
    ["Asia/Kathmandu", "2026-03-04T18:14:59Z", "day", "2026-03-03T18:15Z 2026-03-04T18:15Z 24 h"],
    // The day begins at 01:00, for midnight is skipped.
    ["Africa/Cairo", "2026-04-24T12:00:00Z", "day", "2026-04-23T22:00Z 2026-04-24T21:00Z 23 h"],
  ] as const)("in %s at %s: the %s is %s", (timezone, instant, window, expected) => {
    expect(windowOf(timezone, instant, window)).toBe(expected);
  });

  test("hold their instant and follow one another without gap, in whatever order they are asked", () => {
    const zone = fc.constantFrom(
      "UTC",
      "Europe/Berlin",
      "America/New_York",
      "Australia/Lord_Howe",
      "Asia/Kathmandu",
      "Africa/Cairo",
      "Pacific/Chatham",
      "America/Sao_Paulo",
    );
    const instant = fc.integer({ min: Date.parse("2015-01-01"), max: Date.parse("2035-01-01") });
    fc.assert(
      fc.property(zone, instant, (timezone, at) => {
        for (const window of SPEND_WINDOWS) {
          const { startsAt, endsAt } = windowsAt(timezone, at)[window];
          expect(startsAt <= at && at < endsAt).toBe(true);
          expect(windowsAt(timezone, endsAt)[window].startsAt).toBe(endsAt);
          expect(windowsAt(timezone, startsAt - 1)[window].endsAt).toBe(startsAt);
        }
      }),
    );
  });

  test("stay right while more zones and days are asked for than are remembered", () => {
    const zones = Intl.supportedValuesOf("timeZone");
    const at = Date.parse("2026-05-17T10:20:30Z");
    const first = zones.map((zone) => windowsAt(zone, at).day);
    for (let day = 0; day < 20; day += 1) windowsAt("Europe/Berlin", at + day * 24 * HOUR_MS);
    expect(zones.map((zone) => windowsAt(zone, at).day)).toEqual(first);
    expect(zones.length).toBeGreaterThan(64);
  });

  test("cannot be changed by whoever asked", () => {
    expect(Object.isFrozen(windowsAt("UTC", 0))).toBe(true);
    expect(Object.isFrozen(windowsAt("UTC", 0).day)).toBe(true);
  });

  test("are none where the time zone does not exist", () => {
    expect(() => windowsAt("Mars/Olympus", 0)).toThrow(RangeError);
  });
});
