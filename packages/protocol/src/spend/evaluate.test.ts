import { describe, expect, test } from "vitest";
import { AmountError } from "./amount.js";
import { evaluatePurchase } from "./evaluate.js";
import { judgeOf, NOTHING_USED, policyOf, purchaseOf } from "./fixtures/policy.js";
import {
  type EvaluatePurchaseInput,
  type PurchaseJudgement,
  type ScopeState,
  SPEND_RULES,
  type SpendPolicy,
} from "./policy.js";
import type { PaymentChallenge } from "./wire.js";

const instantMs = Date.parse("2026-03-04T12:00:00Z");

function evaluate(
  scopes: readonly ScopeState[],
  purchase: Partial<EvaluatePurchaseInput["purchase"]> = {},
): PurchaseJudgement {
  return evaluatePurchase({ purchase: purchaseOf(purchase), instantMs, scopes });
}

function scopeOf(
  scope: ScopeState["scope"],
  policy?: SpendPolicy,
  state: Partial<ScopeState> = {},
): ScopeState {
  return { scope, stopped: false, ...(policy && { policy, usage: NOTHING_USED }), ...state };
}

describe("[P-SPEND-CHECKS] what is reported", () => {
  test("is every rule of every scope, in the order of the rules and then of the scopes", () => {
    const scopes = [
      scopeOf("agent", policyOf({ currency: "USD", per_request_limit: "1" }), { stopped: true }),
      scopeOf("project"),
      scopeOf("organisation"),
    ];
    const { checks, outcome } = evaluate(scopes);
    const expected = SPEND_RULES.flatMap((rule) =>
      rule === "status" || rule === "budget"
        ? [`${rule} agent`, `${rule} project`, `${rule} organisation`]
        : [`${rule} agent`, `${rule} project`],
    );
    expect(checks.map(({ rule, scope }) => `${rule} ${scope}`)).toEqual(expected);
    expect(checks.every(({ detail }) => detail !== "")).toBe(true);
    expect(outcome).toBe("rejected");
  });

  test("says of a rule that is not set that it is not", () => {
    expect(judgeOf({ policy: { currency: "EUR" } })).toEqual({
      status: { result: "pass", detail: "Spending goes on." },
      currency: { result: "pass", detail: "EUR, as the policy counts." },
      velocity_limit: { result: "pass", detail: "No limit on the number of purchases is set." },
      category: { result: "pass", detail: "software is a category that may be bought." },
      payee: { result: "pass", detail: "No list of payees is set." },
      per_request_limit: { result: "pass", detail: "No limit for one purchase is set." },
      schedule: { result: "pass", detail: "No schedule is set." },
      daily_limit: { result: "pass", detail: "No daily limit is set." },
      weekly_limit: { result: "pass", detail: "No weekly limit is set." },
      monthly_limit: { result: "pass", detail: "No monthly limit is set." },
      total_limit: { result: "pass", detail: "No total limit is set." },
      x402: { result: "pass", detail: "No payment of an HTTP 402 challenge." },
      budget: { result: "pass", detail: "No budget is set." },
      auto_approve: {
        result: "ask",
        detail: "The policy approves nothing by itself: a person decides.",
      },
      approval_threshold: { result: "pass", detail: "No approval threshold is set." },
    });
  });

  test("of an organisation is a policy's rules too, should it be given one", () => {
    const { outcome, checks } = evaluate([
      scopeOf("organisation", policyOf({ per_request_limit: "1" })),
    ]);
    expect(outcome).toBe("rejected");
    expect(checks).toHaveLength(SPEND_RULES.length);
  });
});

describe("who decides", () => {
  test.each([
    ["no scope", []],
    ["an agent without a policy", [scopeOf("agent")]],
    ["nobody with a policy", [scopeOf("agent"), scopeOf("project"), scopeOf("organisation")]],
    ["only an organisation", [scopeOf("organisation")]],
  ])("a person, with %s", (_name, scopes) => {
    const judgement = evaluate(scopes);
    expect(judgement).toMatchObject({ outcome: "pending", quorum: 1, expiryMs: 1_800_000 });
    expect(judgement).not.toHaveProperty("role");
  });

  test("says so where there is no policy at all", () => {
    const { checks } = evaluate([scopeOf("agent"), scopeOf("project")]);
    expect(checks.filter(({ result }) => result === "ask")).toEqual(
      (["agent", "project"] as const).map((scope) => ({
        rule: "auto_approve",
        scope,
        result: "ask",
        detail: "No spend policy is set: a person decides.",
      })),
    );
  });

  const auto = policyOf();
  const manual: SpendPolicy = { currency: "EUR", auto_approve: { enabled: false } };
  test.each([
    [
      "the agent's allows, the project has none",
      [scopeOf("agent", auto), scopeOf("project")],
      "auto_approved",
    ],
    [
      "the project's allows, the agent has none",
      [scopeOf("agent"), scopeOf("project", auto)],
      "auto_approved",
    ],
    ["both allow", [scopeOf("agent", auto), scopeOf("project", auto)], "auto_approved"],
    ["only the agent's allows", [scopeOf("agent", auto), scopeOf("project", manual)], "pending"],
    ["only the project's allows", [scopeOf("agent", manual), scopeOf("project", auto)], "pending"],
    ["neither allows", [scopeOf("agent", manual), scopeOf("project", manual)], "pending"],
  ] as const)("every policy there is: %s", (_name, scopes, outcome) => {
    expect(evaluate(scopes).outcome).toBe(outcome);
  });

  test("of two thresholds: the outermost role, the largest quorum, the shortest time", () => {
    const agent = policyOf({
      approval_threshold: { amount: "10", role: "finance", quorum: 3 },
      expiry_minutes: 60,
    });
    const project = policyOf({
      approval_threshold: { amount: "20", role: "board" },
      expiry_minutes: 15,
    });
    expect(evaluate([scopeOf("agent", agent), scopeOf("project", project)])).toMatchObject({
      outcome: "pending",
      role: "board",
      quorum: 3,
      expiryMs: 900_000,
    });
    const unnamed = policyOf({ approval_threshold: { amount: "20", quorum: 4 } });
    expect(evaluate([scopeOf("agent", agent), scopeOf("project", unnamed)])).toMatchObject({
      role: "finance",
      quorum: 4,
      expiryMs: 3_600_000,
    });
  });

  test.each([
    ["39.99", "ask"],
    ["40.00", "pass"],
    ["40.01", "pass"],
    ["0", "ask"],
  ] as const)("40.00 against a threshold of %s: %s", (amount, result) => {
    const policy = policyOf({ approval_threshold: { amount, role: "finance", quorum: 2 } });
    const judgement = evaluate([scopeOf("agent", policy)]);
    expect(judgement.checks.at(-1)).toMatchObject({ rule: "approval_threshold", result });
    expect(judgement.quorum).toBe(result === "ask" ? 2 : 1);
    expect(judgement.role).toBe(result === "ask" ? "finance" : undefined);
  });

  test.each([
    [{ enabled: true }, "pass"],
    [{ enabled: false }, "ask"],
    [{ enabled: true, max_amount: "40" }, "pass"],
    [{ enabled: true, max_amount: "39.99" }, "ask"],
    [{ enabled: true, max_amount: "0" }, "ask"],
    [{ enabled: true, categories: ["software"] }, "pass"],
    [{ enabled: true, categories: ["cloud"] }, "ask"],
    [{ enabled: true, max_amount: "39", categories: ["software"] }, "ask"],
  ] as const)("auto_approve %j: %s", (auto_approve, result) => {
    const policy: SpendPolicy = { currency: "EUR", auto_approve };
    expect(judgeOf({ policy }).auto_approve?.result).toBe(result);
  });
});

describe("limits", () => {
  test.each([
    ["per_request_limit", "39.99", 0n, "fail", "40.00 of 39.99 EUR for one purchase"],
    ["per_request_limit", "40", 0n, "pass", "40.00 of 40.00 EUR for one purchase"],
    ["daily_limit", "160", 12_000n, "pass", "120.00 + 40.00 of 160.00 EUR today"],
    ["daily_limit", "159.99", 12_000n, "fail", "120.00 + 40.00 of 159.99 EUR today"],
    ["weekly_limit", "160", 12_000n, "pass", "120.00 + 40.00 of 160.00 EUR this week"],
    ["weekly_limit", "159.99", 12_000n, "fail", "120.00 + 40.00 of 159.99 EUR this week"],
    ["monthly_limit", "160", 12_000n, "pass", "120.00 + 40.00 of 160.00 EUR this month"],
    ["monthly_limit", "159.99", 12_000n, "fail", "120.00 + 40.00 of 159.99 EUR this month"],
    ["total_limit", "160", 12_000n, "pass", "120.00 + 40.00 of 160.00 EUR in all"],
    ["total_limit", "159.99", 12_000n, "fail", "120.00 + 40.00 of 159.99 EUR in all"],
    ["daily_limit", "0", -10_000n, "fail", "0.00 + 40.00 of 0.00 EUR today"],
  ] as const)("%s of %s", (rule, limit, used, result, detail) => {
    const usage = { dayMinor: used, weekMinor: used, monthMinor: used, totalMinor: used };
    expect(judgeOf({ policy: policyOf({ [rule]: limit }), usage })[rule]).toEqual({
      result,
      detail,
    });
  });

  test.each(["per_request_limit", "daily_limit", "weekly_limit", "monthly_limit", "total_limit"])(
    "a %s of 0 lets nothing through, not even the smallest amount",
    (rule) => {
      const policy = policyOf({ [rule]: "0" });
      expect(judgeOf({ policy, purchase: { amountMinor: 1n } })).toMatchObject({
        [rule]: { result: "fail" },
      });
    },
  );

  test("[P-SPEND-UNITS] thousandths of a cent add up", () => {
    const policy = policyOf({ currency: "USDC", daily_limit: "0.01" });
    const purchase = { amountMinor: 4_000n, currency: "USDC" };
    const after = (dayMinor: bigint) =>
      judgeOf({ policy, purchase, usage: { dayMinor } }).daily_limit?.result;
    expect([after(0n), after(4_000n), after(6_000n), after(8_000n)]).toEqual([
      "pass",
      "pass",
      "pass",
      "fail",
    ]);
  });

  test.each([
    [
      { requests_per_minute: 3 },
      { lastMinute: 2, lastHour: 9 },
      "pass",
      "2 + 1 of 3 in 60 seconds",
    ],
    [{ requests_per_minute: 3 }, { lastMinute: 3 }, "fail", "3 + 1 of 3 in 60 seconds"],
    [{ requests_per_hour: 10 }, { lastHour: 9 }, "pass", "9 + 1 of 10 in 60 minutes"],
    [{ requests_per_hour: 10 }, { lastHour: 10 }, "fail", "10 + 1 of 10 in 60 minutes"],
    [
      { requests_per_minute: 3, requests_per_hour: 10 },
      { lastMinute: 0, lastHour: 10 },
      "fail",
      "0 + 1 of 3 in 60 seconds, 10 + 1 of 10 in 60 minutes",
    ],
  ] as const)("velocity %j after %j: %s", (rules, usage, result, detail) => {
    expect(judgeOf({ policy: policyOf(rules), usage }).velocity_limit).toEqual({ result, detail });
  });

  test("[P-SPEND-UNITS] another currency is refused by every limit that is set, and not converted", () => {
    const policy = policyOf({
      per_request_limit: "1000",
      daily_limit: "1000",
      approval_threshold: { amount: "1000" },
    });
    const { outcome, checks } = evaluate([scopeOf("agent", policy)], { currency: "JPY" });
    const failed = checks.filter(({ result }) => result === "fail").map(({ rule }) => rule);
    expect(outcome).toBe("rejected");
    expect(failed).toEqual(["currency", "per_request_limit", "daily_limit"]);
    expect(checks.at(-1)?.result).toBe("ask");
  });
});

describe("[P-SPEND-NESTED] budgets", () => {
  const budget = { allocatedMinor: 10_000n, heldMinor: 4_000n, spentMinor: 2_000n };
  test.each([
    ["agent", "project", "organisation"],
    ["project", "agent", "organisation"],
    ["organisation", "agent", "project"],
  ] as const)("of the %s bind, whatever the others have", (scope, first, second) => {
    const others = [first, second].map((name) =>
      scopeOf(name, undefined, { budget: { ...budget, allocatedMinor: 10n ** 12n } }),
    );
    const fits = scopeOf(scope, undefined, { budget });
    const tooSmall = scopeOf(scope, undefined, { budget: { ...budget, heldMinor: 4_001n } });
    expect(evaluate([...others, fits]).outcome).toBe("pending");
    const { outcome, checks } = evaluate([...others, tooSmall]);
    expect(outcome).toBe("rejected");
    expect(checks.filter(({ result }) => result === "fail")).toEqual([
      {
        rule: "budget",
        scope,
        result: "fail",
        detail: "40.00 of 39.99 EUR left (100.00 less 40.01 held and 20.00 spent)",
      },
    ]);
  });

  test("of 0, and below 0 after a late confirmation, let nothing through", () => {
    for (const allocatedMinor of [0n, 5_000n]) {
      const state = { budget: { ...budget, allocatedMinor } };
      expect(judgeOf({ state, purchase: { amountMinor: 1n } }).budget?.result).toBe("fail");
    }
  });
});

describe("[P-SPEND-STOP] a kill switch", () => {
  test.each(["agent", "project"] as const)("of the %s is over everything", (stopped) => {
    const scopes = (["agent", "project", "organisation"] as const).map((scope) =>
      scopeOf(scope, scope === "organisation" ? undefined : policyOf(), {
        stopped: scope === stopped,
      }),
    );
    const { outcome, checks } = evaluate(scopes);
    expect(outcome).toBe("rejected");
    expect(checks.filter(({ result }) => result === "fail")).toEqual([
      { rule: "status", scope: stopped, result: "fail", detail: "Spending is stopped." },
    ]);
  });
});

describe("categories", () => {
  test.each([
    ["software", {}, "pass"],
    ["gold", {}, "ask"],
    ["Software", {}, "ask"],
    ["other", {}, "pass"],
    ["gold", { unknown_category: "ask" }, "ask"],
    ["gold", { unknown_category: "reject" }, "fail"],
    ["gold", { categories: ["gold"] }, "pass"],
    ["software", { categories: ["gold"] }, "ask"],
    ["software", { allowed_categories: ["software"] }, "pass"],
    ["cloud", { allowed_categories: ["software"] }, "fail"],
    ["gold", { allowed_categories: ["other"] }, "fail"],
    ["software", { blocked_categories: ["software"] }, "fail"],
    ["gold", { blocked_categories: ["gold"] }, "fail"],
    ["gold", { blocked_categories: ["other"] }, "ask"],
    ["software", { allowed_categories: ["software"], blocked_categories: ["software"] }, "fail"],
    ["toString", { categories: ["gold"] }, "ask"],
  ] as const)("%s with %j: %s", (category, rules, result) => {
    const judged = judgeOf({ policy: policyOf(rules), purchase: { category } });
    expect(judged.category?.result).toBe(result);
  });

  test("one that nobody knows is not approved by itself, whatever auto_approve says", () => {
    expect(evaluate([scopeOf("agent", policyOf())], { category: "gold" }).outcome).toBe("pending");
  });
});

describe("payees", () => {
  test.each([
    [undefined, {}, "pass"],
    ["ACME", {}, "pass"],
    [undefined, { allowed_payees: ["ACME"] }, "fail"],
    [undefined, { blocked_payees: ["ACME"] }, "fail"],
    ["acme", { allowed_payees: ["ACME"] }, "pass"],
    ["Zoe\u0301", { allowed_payees: ["ZOÉ"] }, "pass"],
    ["acme inc", { allowed_payees: ["acme"] }, "fail"],
    ["Acme", { blocked_payees: ["aCME"] }, "fail"],
    ["Other", { blocked_payees: ["ACME"] }, "pass"],
    ["Acme", { allowed_payees: ["acme"], blocked_payees: ["acme"] }, "fail"],
  ] as const)("%j with %j: %s", (payee, rules, result) => {
    const judged = judgeOf({ policy: policyOf(rules), purchase: payee ? { payee } : {} });
    expect(judged.payee?.result).toBe(result);
  });
});

describe("[P-X402] challenges", () => {
  const challenge: PaymentChallenge = {
    network: "eip155:8453",
    asset: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913",
    pay_to: "0xA11ce00000000000000000000000000000000000",
    resource_url: "https://api.example.com/v1/report",
    asset_amount: "10000",
    scheme: "exact",
    digest: `sha256:${"0".repeat(64)}`,
  };
  const judge = (
    x402: SpendPolicy["x402"],
    change: Partial<PaymentChallenge> = {},
    rules: Partial<SpendPolicy> = {},
  ) =>
    judgeOf({
      policy: policyOf({ currency: "USDC", ...(x402 && { x402 }), ...rules }),
      purchase: {
        amountMinor: 10_000n,
        currency: "USDC",
        payee: challenge.pay_to,
        x402: { ...challenge, ...change },
      },
    });

  test.each([
    [undefined, {}, "pass"],
    [{}, {}, "pass"],
    [{ allowed_networks: ["eip155:8453"] }, {}, "pass"],
    [{ allowed_networks: ["eip155:1"] }, {}, "fail"],
    [{ allowed_assets: ["0x833589FCD6EDB6E08F4C7C32D4F71B54BDA02913"] }, {}, "pass"],
    [{ allowed_assets: ["0x0000000000000000000000000000000000000000"] }, {}, "fail"],
    [{ allowed_domains: ["api.example.com"] }, {}, "pass"],
    [{ allowed_domains: ["API.Example.com."] }, {}, "pass"],
    [{ allowed_domains: ["*.example.com"] }, {}, "pass"],
    [{ allowed_domains: ["example.com"] }, {}, "fail"],
    [{ allowed_domains: ["*.example.com"] }, { resource_url: "https://example.com/" }, "fail"],
    [{ allowed_domains: ["*.example.com"] }, { resource_url: "https://evilexample.com/" }, "fail"],
    [
      { allowed_domains: ["api.example.com"] },
      { resource_url: "https://api.example.com@evil.example/" },
      "fail",
    ],
    [
      { allowed_domains: ["api.example.com"] },
      { resource_url: "https://API.EXAMPLE.COM.:8443/" },
      "pass",
    ],
    [
      { allowed_domains: ["münchen.example"] },
      { resource_url: "https://xn--mnchen-3ya.example/" },
      "pass",
    ],
    [{ allowed_domains: ["api.example.com"] }, { resource_url: "" }, "fail"],
    [{ blocked_domains: ["evil.example"] }, { resource_url: "not a URL" }, "fail"],
    [{ blocked_domains: ["*.example.com"] }, {}, "fail"],
    [{ blocked_domains: ["evil.example"] }, {}, "pass"],
    [{ allowed_domains: ["*.example.com"], blocked_domains: ["api.example.com"] }, {}, "fail"],
    [{ max_per_request: "0.01" }, {}, "pass"],
    [{ max_per_request: "0.009999" }, {}, "fail"],
    [{ max_per_request: "0" }, {}, "fail"],
  ] as const)("%j with %j: %s", (x402, change, result) => {
    expect(judge(x402, change).x402?.result).toBe(result);
  });

  test.each([
    ["10000", "USDC", 10_000n, "pass", "the same number"],
    ["10001", "USDC", 10_000n, "fail", "one unit more"],
    ["9999", "USDC", 10_000n, "fail", "one unit less"],
    ["0", "USDC", 10_000n, "fail", "nothing"],
    ["10000000", "USDC", 10_000n, "ask", "a thousand times as much, or a token of nine decimals"],
    ["10", "USDC", 10_000n, "ask", "less, or a token of three decimals"],
    ["10000", "USD", 1n, "ask", "a token of six decimals, counted in another currency"],
    ["25000", "USD", 2n, "fail", "what does not fit the currency's decimals"],
  ] as const)(
    "%s units against %s %d: %s (%s)",
    (asset_amount, currency, amountMinor, result, _why) => {
      const judged = judgeOf({
        policy: policyOf({ currency }),
        purchase: { currency, amountMinor, x402: { ...challenge, asset_amount } },
      });
      expect(judged.x402?.result).toBe(result);
      const unbound = evaluate([scopeOf("agent")], {
        currency,
        amountMinor,
        x402: { ...challenge, asset_amount },
      });
      expect(unbound.checks.find(({ rule }) => rule === "x402")?.result).toBe(result);
    },
  );

  test("are judged by the address they pay, too, even where another payee is named", () => {
    const lists = { blocked_payees: [challenge.pay_to.toLowerCase()] };
    const purchase = { amountMinor: 10_000n, currency: "USDC", payee: "Friendly", x402: challenge };
    const policy = policyOf({ currency: "USDC", ...lists });
    expect(judgeOf({ policy, purchase }).payee?.result).toBe("fail");
    const allowed = policyOf({ currency: "USDC", allowed_payees: ["friendly"] });
    expect(judgeOf({ policy: allowed, purchase }).payee?.result).toBe("fail");
    const { payee: _, ...unnamed } = purchase;
    const exact = policyOf({ currency: "USDC", allowed_payees: [challenge.pay_to] });
    expect(judgeOf({ policy: exact, purchase: unnamed }).payee?.result).toBe("pass");
  });

  test("are bound by every other rule as well", () => {
    const judged = judge(
      undefined,
      {},
      {
        per_request_limit: "0.001",
        schedule: { default: { allow: "01:00-02:00" } },
        blocked_categories: ["software"],
        daily_limit: "0",
      },
    );
    for (const rule of ["per_request_limit", "schedule", "category", "daily_limit"] as const) {
      expect(judged[rule]?.result).toBe("fail");
    }
  });

  test("say nothing of a purchase that is none", () => {
    const policy = policyOf({ x402: { allowed_networks: ["eip155:8453"], max_per_request: "0" } });
    expect(judgeOf({ policy }).x402?.result).toBe("pass");
  });
});

describe("[P-SPEND-INPUT] what cannot be judged", () => {
  test.each([
    ["an amount of 0", { amountMinor: 0n }, RangeError],
    ["an amount below 0", { amountMinor: -1n }, RangeError],
    ["an unknown currency", { currency: "EUX" }, AmountError],
  ])("%s throws", (_name, purchase, error) => {
    expect(() => evaluate([scopeOf("agent", policyOf())], purchase)).toThrow(error);
  });

  test.each([
    ["a limit with too many decimals", { daily_limit: "1.001" }, AmountError],
    ["a limit that is no number", { per_request_limit: "NaN" }, AmountError],
    ["an unknown currency", { currency: "EUX", daily_limit: "1" }, AmountError],
    ["a time zone that does not exist", { timezone: "Mars/Olympus" }, RangeError],
    ["hours that are none", { schedule: { default: { allow: "9-17" } } }, RangeError],
    ["a domain that is none", { x402: { allowed_domains: ["a.com:80"] } }, RangeError],
  ])("a policy with %s throws, and lets nothing through", (_name, rules, error) => {
    expect(() => evaluate([scopeOf("agent", policyOf(rules))])).toThrow(error);
  });

  test("a policy without its usage throws", () => {
    expect(() => evaluate([{ scope: "agent", stopped: false, policy: policyOf() }])).toThrow(
      TypeError,
    );
  });
});
