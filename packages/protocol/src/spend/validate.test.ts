import { describe, expect, test } from "vitest";
import { policyOf } from "./fixtures/policy.js";
import type { SpendPolicy } from "./policy.js";
import { validateSpendPolicy } from "./validate.js";

const review = (rules: Partial<SpendPolicy>) => validateSpendPolicy(policyOf(rules));
const pathsOf = (rules: Partial<SpendPolicy>) => review(rules).issues.map(({ path }) => path);

describe("[P-SPEND-INPUT] a policy that cannot be followed", () => {
  test.each<[Partial<SpendPolicy>, string, string]>([
    [
      { currency: "EUX" },
      "/currency",
      "Expected a currency of ISO 4217, for example EUR, or a stablecoin, for example USDC, got EUX.",
    ],
    [{ daily_limit: "1.005" }, "/daily_limit", 'Expected at most 2 decimals for EUR, got "1.005".'],
    [
      { currency: "JPY", per_request_limit: "1.5" },
      "/per_request_limit",
      'Expected at most 0 decimals for JPY, got "1.5".',
    ],
    [
      { total_limit: "99999999999999" },
      "/total_limit",
      'Expected at most 9999999999999.99 EUR, got "99999999999999".',
    ],
    [
      { auto_approve: { enabled: true, max_amount: "0.001" } },
      "/auto_approve/max_amount",
      'Expected at most 2 decimals for EUR, got "0.001".',
    ],
    [
      { approval_threshold: { amount: "0.001" } },
      "/approval_threshold/amount",
      'Expected at most 2 decimals for EUR, got "0.001".',
    ],
    [
      { confirm_tolerance: "0.001" },
      "/confirm_tolerance",
      'Expected at most 2 decimals for EUR, got "0.001".',
    ],
    [
      { schedule: { overrides: [{ days: ["mon"], daily_limit: "0.001" }] } },
      "/schedule/overrides/0/daily_limit",
      'Expected at most 2 decimals for EUR, got "0.001".',
    ],
    [
      { timezone: "Mars/Olympus" },
      "/timezone",
      'Expected an IANA time zone, for example Europe/Berlin, got "Mars/Olympus".',
    ],
    [
      { timezone: "+01:00" },
      "/timezone",
      'Expected an IANA time zone, for example Europe/Berlin, got "+01:00".',
    ],
    [
      { timezone: "UTC", schedule: { timezone: "Asia/Tokyo" } },
      "/schedule/timezone",
      "Expected the time zone of the policy, UTC, got Asia/Tokyo. Leave it out.",
    ],
    [
      {
        schedule: {
          overrides: [{ days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], deny: true }],
        },
      },
      "/schedule",
      "Expected a schedule that opens at some time of the week, got one that never does.",
    ],
    [
      { schedule: { default: { allow: "09:00-09:00" } } },
      "/schedule/default/allow",
      "Expected a window that lasts at least a minute, got 09:00-09:00. The whole day is 00:00-24:00.",
    ],
    [
      { schedule: { overrides: [{ days: ["mon"], allow: ["09:00-10:00", "11:00-11:00"] }] } },
      "/schedule/overrides/0/allow/1",
      "Expected a window that lasts at least a minute, got 11:00-11:00. The whole day is 00:00-24:00.",
    ],
    [
      { schedule: { default: { allow: "nine" } } },
      "/schedule/default/allow",
      'Expected a window of time as HH:MM-HH:MM, for example 09:00-17:30, got "nine".',
    ],
    [
      { schedule: { overrides: [{ days: ["mon"], allow: "09:00-10:00", deny: true }] } },
      "/schedule/overrides/0/deny",
      "Expected either allow or deny, got both.",
    ],
    [
      { categories: ["gold"], allowed_categories: ["software"] },
      "/allowed_categories/0",
      "Expected one of the categories (gold), got software. Others are named in categories.",
    ],
    [
      { categories: ["gold"], auto_approve: { enabled: true, categories: ["gold", "software"] } },
      "/auto_approve/categories/1",
      "Expected one of the categories (gold), got software. Others are named in categories.",
    ],
    [
      { allowed_categories: ["cloud"], blocked_categories: ["food", "cloud"] },
      "/blocked_categories/1",
      "Expected a name that is not allowed as well, got cloud in both lists.",
    ],
    [
      { allowed_payees: ["ACME"], blocked_payees: ["acme"] },
      "/blocked_payees/0",
      "Expected a name that is not allowed as well, got acme in both lists.",
    ],
    [
      {
        currency: "USDC",
        x402: { allowed_domains: ["a.example"], blocked_domains: ["A.example"] },
      },
      "/x402/blocked_domains/0",
      "Expected a name that is not allowed as well, got A.example in both lists.",
    ],
    [
      { currency: "USDC", x402: { allowed_domains: ["https://a.example"] } },
      "/x402/allowed_domains/0",
      'Expected a host without port or path, for example api.example.com or *.example.com, got "https://a.example".',
    ],
  ])("%j: %s", (rules, path, message) => {
    expect(review(rules).issues).toEqual([{ path, message }]);
  });

  test("has every issue told at once", () => {
    const rules: Partial<SpendPolicy> = {
      timezone: "Mars/Olympus",
      daily_limit: "x",
      weekly_limit: "0.001",
      allowed_categories: ["gold"],
    };
    expect(pathsOf(rules)).toEqual([
      "/daily_limit",
      "/weekly_limit",
      "/timezone",
      "/allowed_categories/0",
    ]);
  });
});

describe("a policy that can be followed", () => {
  test.each<[string, Partial<SpendPolicy>]>([
    ["nothing but its currency", {}],
    ["equal limits", { per_request_limit: "10", daily_limit: "10", total_limit: "10" }],
    ["a zone in its schedule only", { schedule: { timezone: "Asia/Kathmandu" } }],
    [
      "one open day",
      {
        schedule: { default: { allow: "09:00-10:00" }, overrides: [{ days: ["mon"], deny: true }] },
      },
    ],
    ["a night", { schedule: { default: { allow: "22:00-00:00" } } }],
    ["a blocked category that nobody knows", { blocked_categories: ["gambling"] }],
    [
      "international hosts",
      { currency: "USDC", x402: { allowed_domains: ["*.münchen.example", "localhost"] } },
    ],
    [
      "overrides of hours and of limits",
      {
        schedule: {
          overrides: [
            { days: ["mon"], deny: true },
            { days: ["mon", "tue"], daily_limit: "5" },
            { days: ["mon", "tue"], allow: "09:00-10:00" },
          ],
        },
      },
    ],
    [
      "a threshold below what needs nobody, on equal terms",
      { auto_approve: { enabled: true, max_amount: "10" }, approval_threshold: { amount: "10" } },
    ],
  ])("with %s has neither issue nor warning", (_name, rules) => {
    expect(review(rules)).toEqual({ issues: [], warnings: [] });
  });
});

describe("what may not be meant", () => {
  const sentences: [Partial<SpendPolicy>, string][] = [
    [{ daily_limit: "0" }, "daily_limit is 0: it lets nothing through."],
    [
      { schedule: { overrides: [{ days: ["mon"], daily_limit: "0.00" }] } },
      "schedule/overrides/0/daily_limit is 0: it lets nothing through.",
    ],
    [
      { per_request_limit: "20", daily_limit: "10" },
      "per_request_limit (20) is above daily_limit (10).",
    ],
    [{ daily_limit: "20", weekly_limit: "10" }, "daily_limit (20) is above weekly_limit (10)."],
    [{ daily_limit: "20", monthly_limit: "10" }, "daily_limit (20) is above monthly_limit (10)."],
    [
      { weekly_limit: "9", monthly_limit: "8.50" },
      "weekly_limit (9) is above monthly_limit (8.50).",
    ],
    [{ monthly_limit: "100", total_limit: "20" }, "monthly_limit (100) is above total_limit (20)."],
    [
      { per_request_limit: "10", auto_approve: { enabled: true, max_amount: "20" } },
      "auto_approve.max_amount (20) is above per_request_limit (10).",
    ],
    [
      { auto_approve: { enabled: true, max_amount: "20" }, approval_threshold: { amount: "10" } },
      "auto_approve.max_amount (20) is above approval_threshold.amount (10). Purchases above that go to people all the same.",
    ],
    [
      { per_request_limit: "10", approval_threshold: { amount: "10" } },
      "approval_threshold.amount (10) is never passed: per_request_limit (10) refuses such a purchase before.",
    ],
    [
      { monthly_limit: "10", approval_threshold: { amount: "50" } },
      "approval_threshold.amount (50) is never passed: monthly_limit (10) refuses such a purchase before.",
    ],
    [
      { requests_per_minute: 60, requests_per_hour: 10 },
      "requests_per_minute (60) is above requests_per_hour (10).",
    ],
    [
      {
        schedule: {
          overrides: [
            { days: ["mon", "tue"], deny: true },
            { days: ["mon"], allow: "09:00-10:00" },
          ],
        },
      },
      "Override 2 (mon) never decides on the time: earlier overrides name its days.",
    ],
    [
      {
        schedule: {
          overrides: [
            { days: ["mon"], daily_limit: "5" },
            { days: ["tue"], daily_limit: "6" },
            { days: ["mon", "tue"], daily_limit: "7" },
          ],
        },
      },
      "Override 3 (mon, tue) never sets the daily limit: earlier overrides do so on its days.",
    ],
    [
      { schedule: { overrides: [{ days: ["mon"] }] } },
      "Override 1 (mon) says neither when money may be spent nor how much.",
    ],
    [
      { blocked_categories: ["food"], auto_approve: { enabled: true, categories: ["food"] } },
      "auto_approve names the category food, of which nothing is let through.",
    ],
    [
      { allowed_categories: ["cloud"], auto_approve: { enabled: true, categories: ["food"] } },
      "auto_approve names the category food, of which nothing is let through.",
    ],
    [
      { x402: {} },
      "Payments by x402 are counted in stablecoins (USDC, USDT, EURC, PYUSD, USDG): of a policy in EUR every one goes to a person.",
    ],
    [
      { currency: "USDC", per_request_limit: "1", x402: { max_per_request: "2" } },
      "x402.max_per_request (2) is above per_request_limit (1).",
    ],
  ];
  test.each(sentences)("%j", (rules, sentence) => {
    expect(review(rules)).toEqual({ issues: [], warnings: [sentence] });
  });

  test("is not guessed where amounts cannot be told", () => {
    expect(review({ per_request_limit: "1.001", daily_limit: "0" }).warnings).toEqual([]);
  });

  test("a frozen policy is not written into", () => {
    const policy = Object.freeze(policyOf({ daily_limit: "0", schedule: Object.freeze({}) }));
    expect(validateSpendPolicy(policy).warnings).toHaveLength(1);
  });
});
