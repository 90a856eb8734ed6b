import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { spendPolicyJsonSchema, spendPolicySchema } from "./index.js";

const page = fileURLToPath(
  new URL("../../../../docs/reference/spend-policy.schema.json", import.meta.url),
);

const isTaken = (rules: Record<string, unknown>) =>
  spendPolicySchema.safeParse({ currency: "EUR", ...rules }).success;

test("docs/reference/spend-policy.schema.json is the schema: make it with vitest -u", async () => {
  const text = `${JSON.stringify(spendPolicyJsonSchema, undefined, 2)}\n`;
  await expect(inlineLists(text)).toMatchFileSnapshot(page);
});

/** Lists of words on one line, as the formatter of this repository has them. */
function inlineLists(json: string): string {
  return json.replace(/\[\s+((?:"[^"]*",?\s+)+)\]/g, (_, words: string) => {
    return `[${words.trim().replace(/\s+/g, " ")}]`;
  });
}

test("every field of the form has a title and says what it does", () => {
  const untold: string[] = [];
  const walk = (schema: unknown, path: string) => {
    const { properties = {}, items } = schema as {
      properties?: Record<string, { title?: string; description?: string }>;
      items?: unknown;
    };
    for (const [name, member] of Object.entries(properties)) {
      if (!member.title || !member.description) untold.push(`${path}/${name}`);
      walk(member, `${path}/${name}`);
    }
    if (items !== undefined) walk(items, `${path}/items`);
  };
  walk(spendPolicyJsonSchema, "");
  expect(untold).toEqual([]);
});

describe("[P-SPEND-INPUT] policies", () => {
  test.each([
    [{}],
    [{ daily_limit: "0" }],
    [{ daily_limit: "0.000001" }],
    [{ timezone: "America/Argentina/Buenos_Aires" }],
    [{ timezone: "Etc/GMT+5" }],
    [{ requests_per_minute: 1 }],
    [{ categories: ["food:lunch"] }],
    [{ allowed_payees: ["Zoë's Bäckerei"] }],
    [{ schedule: { default: { allow: ["00:00-24:00", "22:00-06:00"] } } }],
    [{ schedule: { overrides: [{ days: ["mon"], deny: true }] } }],
    [{ expiry_minutes: 5 }],
    [{ expiry_minutes: 1_440 }],
    [{ x402: { allowed_networks: ["solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp"] } }],
  ])("take %j", (rules) => {
    expect(isTaken(rules)).toBe(true);
  });

  test.each<[Record<string, unknown>]>([
    [{ currency: undefined }],
    [{ currency: "eur" }],
    [{ currency: "E" }],
    [{ currency: "EUR; DROP TABLE" }],
    [{ dayly_limit: "5" }],
    ...[
      5,
      -5,
      Number.NaN,
      null,
      "",
      "-1",
      "+1",
      "1e3",
      "1,5",
      "01",
      ".5",
      "5.",
      " 5",
      "5\n",
      "Infinity",
      "9".repeat(17),
    ].map((daily_limit): [Record<string, unknown>] => [{ daily_limit }]),
    [{ per_request_limit: 5 }],
    [{ timezone: "" }],
    [{ timezone: "+01:00" }],
    [{ timezone: "Europe/Berlin\n" }],
    [{ requests_per_minute: 0 }],
    [{ requests_per_minute: 1.5 }],
    [{ requests_per_minute: "5" }],
    [{ requests_per_hour: 100_001 }],
    [{ categories: [] }],
    [{ allowed_categories: [] }],
    [{ allowed_categories: ["Food"] }],
    [{ allowed_categories: ["a b"] }],
    [{ allowed_categories: Array.from({ length: 201 }, (_, n) => `c${n}`) }],
    [{ unknown_category: "guess" }],
    [{ allowed_payees: [] }],
    [{ allowed_payees: [""] }],
    [{ allowed_payees: ["a\u202eb"] }],
    [{ allowed_payees: ["a\nb"] }],
    [{ blocked_payees: "acme" }],
    [{ schedule: { default: { allow: "9:00-17:00" } } }],
    [{ schedule: { default: { allow: "24:00-06:00" } } }],
    [{ schedule: { default: { allow: "09:00-24:01" } } }],
    [{ schedule: { default: { allow: "09:60-10:00" } } }],
    [{ schedule: { default: { allow: [] } } }],
    [{ schedule: { overrides: [{ days: [] }] } }],
    [{ schedule: { overrides: [{ days: ["monday"] }] } }],
    [{ schedule: { overrides: [{ days: ["mon"], deny: false }] } }],
    [{ auto_approve: {} }],
    [{ auto_approve: { enabled: "yes" } }],
    [{ auto_approve: { enabled: true, max_amount: 5 } }],
    [{ approval_threshold: { role: "finance" } }],
    [{ approval_threshold: { amount: "5", role: "Finance" } }],
    [{ approval_threshold: { amount: "5", quorum: 0 } }],
    [{ approval_threshold: { amount: "5", quorum: 11 } }],
    [{ expiry_minutes: 4 }],
    [{ expiry_minutes: 1_441 }],
    [{ expiry_minutes: 30.5 }],
    [{ x402: { allowed_networks: ["base"] } }],
    [{ x402: { allowed_networks: [] } }],
    [{ x402: { allowed_domains: ["a\u0000b"] } }],
  ])("refuse %j", (rules) => {
    expect(isTaken(rules)).toBe(false);
  });
});
