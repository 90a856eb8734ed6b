import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { spendPolicyJsonSchema, spendPolicySchema } from "../schemas/index.js";
import { judgeOf } from "./fixtures/policy.js";
import { SPEND_CATEGORIES, SPEND_RULES, type SpendPolicy } from "./policy.js";
import { summarizeSpendPolicy } from "./summary.js";
import { validateSpendPolicy } from "./validate.js";

const path = fileURLToPath(new URL("../../../../docs/reference/spend-policy.md", import.meta.url));
let page: string;
let policies: SpendPolicy[];

beforeAll(async () => {
  page = await readFile(path, "utf8");
  policies = [...page.matchAll(/```json\n(.*?)```/gs)].map(
    ([, json]) => spendPolicySchema.parse(JSON.parse(json as string)) as SpendPolicy,
  );
});

test("every policy of the reference is one, without warnings", () => {
  expect(policies).toHaveLength(3);
  for (const policy of policies) {
    expect(validateSpendPolicy(policy)).toEqual({ issues: [], warnings: [] });
  }
});

test("the reference's first policy means what the page says", () => {
  const summary = /```text\n(Money.*?)```/s.exec(page)?.[1];
  expect(summarizeSpendPolicy(policies[0] as SpendPolicy).join("\n")).toBe(summary?.trimEnd());
});

test("the reference names every field, category and rule, the rules in their order", () => {
  const fields = Object.keys((spendPolicyJsonSchema as { properties: object }).properties);
  for (const field of fields) expect(page).toContain(`\`${field}\``);
  expect(page).toContain(SPEND_CATEGORIES.join(", "));
  const table = page.slice(
    page.search(/^\| Rule +\|/m),
    page.indexOf("The details are for people"),
  );
  const named = [...table.matchAll(/^\| (`.*?`) +\|/gm)].flatMap(([, names]) =>
    [...(names as string).matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  expect(named).toEqual(SPEND_RULES);
});

test.each([
  ["2026-03-07T08:00:00Z", "pass", "Saturday at 03:00, by Friday's entry"],
  ["2026-03-06T08:00:00Z", "fail", "Friday at 03:00"],
])("the reference's night: at %s %s (%s)", (at, result, _name) => {
  const judged = judgeOf({ policy: policies[1] as SpendPolicy, at });
  expect(judged.schedule?.result).toBe(result);
});

test("the limit of that night is Saturday's", () => {
  const judged = judgeOf({ policy: policies[1] as SpendPolicy, at: "2026-03-07T08:00:00Z" });
  expect(judged.daily_limit?.detail).toBe("0.00 + 40.00 of 50.00 EUR today (limit for sat)");
});
