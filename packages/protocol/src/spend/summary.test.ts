import fc from "fast-check";
import { expect, test } from "vitest";
import { policyArbitrary } from "./fixtures/arbitrary.js";
import type { SpendPolicy } from "./policy.js";
import { summarizeSpendPolicy } from "./summary.js";

test("a policy with nothing in it says what that means", () => {
  expect(summarizeSpendPolicy({ currency: "EUR" })).toEqual([
    "Money is counted in EUR, by days of UTC.",
    "A purchase in an unknown category goes to a person.",
    "Every purchase goes to a person.",
    "A person has 30 minutes to decide.",
  ]);
});

test("a policy with everything in it says each thing once", () => {
  const policy: SpendPolicy = {
    currency: "EUR",
    timezone: "Europe/Berlin",
    per_request_limit: "300",
    daily_limit: "500",
    weekly_limit: "1000.5",
    monthly_limit: "2000",
    total_limit: "1234567.89",
    requests_per_minute: 3,
    requests_per_hour: 1_000,
    unknown_category: "reject",
    blocked_categories: ["entertainment", "food"],
    allowed_payees: ["Acme"],
    blocked_payees: ["Globex", "Initech", "Umbrella"],
    schedule: {
      default: { allow: ["09:00-12:00", "13:00-17:30"] },
      overrides: [
        { days: ["sat"], deny: true },
        { days: ["fri"], allow: "22:00-06:00" },
        { days: ["sat", "sun"], daily_limit: "50" },
      ],
    },
    auto_approve: { enabled: true, max_amount: "20", categories: ["software", "cloud"] },
    approval_threshold: { amount: "200", role: "finance", quorum: 2 },
    expiry_minutes: 1_440,
    confirm_tolerance: "0.5",
    x402: {
      allowed_networks: ["eip155:8453"],
      allowed_assets: ["0x83"],
      allowed_domains: ["*.example.com"],
      blocked_domains: ["evil.example"],
      max_per_request: "0.1",
    },
  };
  expect(summarizeSpendPolicy(policy)).toEqual([
    "Money is counted in EUR, by days of Europe/Berlin.",
    "At most 300.00 EUR for one purchase, 500.00 EUR a day, 1,000.50 EUR a week, 2,000.00 EUR a month, 1,234,567.89 EUR in all.",
    "On Saturday and Sunday at most 50.00 EUR a day instead.",
    "At most this many purchases: 3 in 60 seconds, 1,000 in 60 minutes.",
    "Nothing for entertainment or food.",
    "A purchase in an unknown category is refused.",
    "Only to Acme.",
    "Nothing to Globex, Initech or Umbrella.",
    "A purchase that names no payee is refused.",
    "On Monday, Tuesday, Wednesday, Thursday and Sunday money may be spent 09:00-12:00 and 13:00-17:30.",
    "On Friday money may be spent 22:00-06:00.",
    "On Saturday money may be spent at no time.",
    "Hours over midnight belong to the day on which they begin.",
    "Payments by HTTP 402: at most 0.10 EUR each, only on eip155:8453, only in 0x83, only to *.example.com, never to evil.example.",
    "Purchases up to 20.00 EUR for software or cloud need nobody.",
    "Above 200.00 EUR 2 people of the role finance have to approve.",
    "A person has 1,440 minutes to decide.",
    "Up to 0.50 EUR more than was approved may be confirmed.",
  ]);
});

test.each<[Partial<SpendPolicy>, string]>([
  [
    { daily_limit: "500", monthly_limit: "2000" },
    "At most 500.00 EUR a day, 2,000.00 EUR a month.",
  ],
  [{ daily_limit: "0" }, "At most 0.00 EUR a day."],
  [{ currency: "JPY", daily_limit: "1500" }, "At most 1,500 JPY a day."],
  [{ currency: "USDC", daily_limit: "0.004" }, "At most 0.004000 USDC a day."],
  [{ allowed_categories: ["cloud"] }, "Only for cloud."],
  [{ auto_approve: { enabled: true } }, "Purchases of any amount need nobody."],
  [
    { auto_approve: { enabled: true, categories: ["cloud"] } },
    "Purchases of any amount for cloud need nobody.",
  ],
  [{ auto_approve: { enabled: false, max_amount: "5" } }, "Every purchase goes to a person."],
  [{ approval_threshold: { amount: "5" } }, "Above 5.00 EUR one person has to approve."],
  [
    { schedule: { default: { allow: "09:00-17:00" } } },
    "Every day money may be spent 09:00-17:00.",
  ],
  [{ schedule: {} }, "Every day money may be spent at any time."],
  [
    { blocked_payees: Array.from({ length: 15 }, (_, n) => `p${n}`) },
    "Nothing to p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11 or 3 more.",
  ],
])("%j", (rules, sentence) => {
  expect(summarizeSpendPolicy({ currency: "EUR", ...rules })).toContain(sentence);
});

test("each line is one sentence, the same every time, and names nothing undefined", () => {
  fc.assert(
    fc.property(policyArbitrary, (policy) => {
      const summary = summarizeSpendPolicy(policy);
      expect(summarizeSpendPolicy(structuredClone(policy))).toEqual(summary);
      for (const line of summary) expect(line).toMatch(/^[A-Z].*\.$/);
      expect(new Set(summary).size).toBe(summary.length);
      expect(summary.join(" ")).not.toMatch(/undefined|null|NaN/);
    }),
  );
});
