import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { LIMITS } from "../limits.js";
import { MAX_AMOUNT_MINOR } from "../spend/amount.js";
import {
  confirmPurchaseSchema,
  createPurchaseSchema,
  getBurnDownSchema,
  listPurchasesSchema,
  listSpendPoliciesSchema,
  paymentChallengeSchema,
  purchaseDetailsSchema,
  refundPurchaseSchema,
  setBudgetSchema,
  setKillSwitchSchema,
  setSpendPolicySchema,
  trySpendPolicySchema,
} from "./index.js";

const ID = "01h5fskfsk4fpeqwnsyz5hj55t";
const amount = { amount_minor: 1_250, currency: "EUR" };
const purchase = { id: `req_${ID}`, amount, category: "software" };
const challenge = {
  network: "eip155:8453",
  asset: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913",
  pay_to: "0xA11ce00000000000000000000000000000000000",
  resource_url: "https://api.example.com/v1/report",
  asset_amount: "10000",
  scheme: "exact",
  digest: `sha256:${"0".repeat(64)}`,
};

/** Where a schema sees a fault; empty when it takes the value. */
function faultsOf(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return [...new Set(error?.issues.map(({ path }) => path.join(".")))];
}

describe("[P-SPEND-INPUT] amounts", () => {
  test.each([1, 1_250, Number(MAX_AMOUNT_MINOR)])("of %d are taken", (amount_minor) => {
    expect(
      faultsOf(createPurchaseSchema, { ...purchase, amount: { ...amount, amount_minor } }),
    ).toEqual([]);
  });

  test.each([
    0,
    -1,
    -0,
    0.1,
    12.5,
    1e21,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number(MAX_AMOUNT_MINOR) + 1,
    Number.MAX_SAFE_INTEGER,
    "1250",
    "12.50",
    1_250n,
    null,
    true,
    [1_250],
    undefined,
  ])("of %s are refused, for a purchase, a confirmation and a refund", (amount_minor) => {
    const wrong = { ...amount, amount_minor };
    expect(faultsOf(createPurchaseSchema, { ...purchase, amount: wrong })).toEqual([
      "amount.amount_minor",
    ]);
    expect(faultsOf(confirmPurchaseSchema, { success: true, actual_amount: wrong })).toEqual([
      "actual_amount.amount_minor",
    ]);
    expect(faultsOf(refundPurchaseSchema, { id: `rfd_${ID}`, amount: wrong })).toEqual([
      "amount.amount_minor",
    ]);
  });

  test.each(["EUX", "eur", "", "EURO", "XTS", "XAU", "BTC", "__proto__", null, 978, undefined])(
    "in %j are refused",
    (currency) => {
      const faults = faultsOf(createPurchaseSchema, {
        ...purchase,
        amount: { ...amount, currency },
      });
      expect(faults).toEqual(["amount.currency"]);
      const budget = { scope: "project", amount_minor: 1, currency };
      expect(faultsOf(setBudgetSchema, budget)).toEqual(["currency"]);
    },
  );

  test("have no members beside", () => {
    expect(
      faultsOf(createPurchaseSchema, { ...purchase, amount: { ...amount, decimals: 2 } }),
    ).toEqual(["amount"]);
    expect(faultsOf(createPurchaseSchema, { ...purchase, amount: "12.50" })).toEqual(["amount"]);
  });
});

describe("[P-SPEND-INPUT] purchases", () => {
  test("take everything there is", () => {
    const full = {
      ...purchase,
      merchant_name: "Zoë's Bäckerei",
      payee: "DE89 3704 0044 0532 0130 00",
      details: { description: "Bread\nand butter", metadata: { order: 1 } },
      encrypted: false,
      x402: challenge,
      agent_label: "buyer",
      environment: "production",
      run_id: "run-1",
      parent_request_id: `req_${ID}`,
    };
    expect(faultsOf(createPurchaseSchema, full)).toEqual([]);
  });

  test.each([
    ["id", "", "id"],
    ["id", `rfd_${ID}`, "id"],
    ["category", "Software", "category"],
    ["category", "", "category"],
    ["category", "x".repeat(LIMITS.categoryLength + 1), "category"],
    ["category", "soft ware", "category"],
    ["category", "software\u200b", "category"],
    ["merchant_name", "", "merchant_name"],
    ["merchant_name", "a\u0000b", "merchant_name"],
    ["merchant_name", "a\u001b[2Jb", "merchant_name"],
    ["merchant_name", "a\u202eb", "merchant_name"],
    ["merchant_name", "x".repeat(LIMITS.payeeLength + 1), "merchant_name"],
    ["payee", "ac\u200bme", "payee"],
    ["payee", "a\nb", "payee"],
    ["payee", " ", "payee"],
    ["agent_id", `agt_${ID}`, ""],
    ["service", "other", ""],
    ["status", "approved", ""],
  ])("refuse %s: %j", (name, value, fault) => {
    expect(faultsOf(createPurchaseSchema, { ...purchase, [name]: value })).toEqual([fault]);
  });

  test.each([
    ["resource_url", "javascript:alert(1)"],
    ["resource_url", "file:///etc/passwd"],
    ["resource_url", ""],
    ["asset_amount", "-1"],
    ["asset_amount", "1.5"],
    ["asset_amount", "0x10"],
    ["asset_amount", "01"],
    ["asset_amount", 10_000],
    ["asset_amount", "9".repeat(79)],
    ["digest", "sha256:abc"],
    ["pay_to", undefined],
    ["asset", ""],
    ["network", "a\nb"],
    ["scheme", undefined],
  ])("refuse a challenge with %s: %j", (name, value) => {
    expect(faultsOf(paymentChallengeSchema, { ...challenge, [name]: value })).toEqual([name]);
  });

  test.each([
    [{ description: "x".repeat(LIMITS.purchaseTextLength + 1) }, "description"],
    [{ comment: 5 }, "comment"],
    [{ metadata: { text: "x".repeat(LIMITS.metadataBytes) } }, "metadata"],
    [{ amount: "12.50" }, ""],
  ])("refuse details %j", (details, fault) => {
    expect(faultsOf(purchaseDetailsSchema, details)).toEqual([fault]);
  });

  test("are listed by what there is", () => {
    expect(listPurchasesSchema.parse({ status: "pending,approved" }).status).toEqual([
      "pending",
      "approved",
    ]);
    expect(faultsOf(listPurchasesSchema, { status: "pending,paid" })).toEqual(["status.1"]);
    expect(faultsOf(listPurchasesSchema, { limit: "-1" })).toEqual(["limit"]);
    expect(faultsOf(listPurchasesSchema, { limit: "101" })).toEqual(["limit"]);
    expect(faultsOf(listPurchasesSchema, { offset: "1" })).toEqual([""]);
  });
});

describe("[P-SPEND-INPUT] confirmations", () => {
  test.each([
    [{ success: true }],
    [{ success: false }],
    [
      {
        success: true,
        actual_amount: amount,
        receipt_url: "https://shop.example/r/1",
        external_id: "ch_1",
      },
    ],
  ])("take %j", (body) => {
    expect(faultsOf(confirmPurchaseSchema, body)).toEqual([]);
  });

  test.each([
    [{}, "success"],
    [{ success: "true" }, "success"],
    [{ success: 1 }, "success"],
    [{ success: false, actual_amount: amount }, "actual_amount"],
    [{ success: true, receipt_url: "javascript:alert(1)" }, "receipt_url"],
    [{ success: true, receipt_url: "data:text/html,x" }, "receipt_url"],
    [{ success: true, external_id: "a\nb" }, "external_id"],
    [{ success: true, approved_amount: amount }, ""],
  ])("refuse %j", (body, fault) => {
    expect(faultsOf(confirmPurchaseSchema, body)).toEqual([fault]);
  });
});

describe("[P-SPEND-INPUT] budgets, policies and switches", () => {
  test.each([
    [setBudgetSchema, { scope: "project", currency: "EUR", amount_minor: 0 }],
    [
      setBudgetSchema,
      { scope: "agent", agent_id: `agt_${ID}`, currency: "EUR", amount_minor: null },
    ],
    [setSpendPolicySchema, { policy: null }],
    [setSpendPolicySchema, { policy: { currency: "EUR" }, agent_id: `agt_${ID}` }],
    [trySpendPolicySchema, { policy: { currency: "EUR" }, days: 90 }],
    [listSpendPoliciesSchema, { of: "project", history: "true" }],
    [setKillSwitchSchema, { stopped: true, reason: "It buys too much." }],
    [getBurnDownSchema, { days: "90" }],
  ] as [z.ZodType, unknown][])("%# is taken", (schema, value) => {
    expect(faultsOf(schema, value)).toEqual([]);
  });

  test.each([
    [setBudgetSchema, { scope: "agent", currency: "EUR", amount_minor: 1 }, "agent_id"],
    [
      setBudgetSchema,
      { scope: "project", agent_id: `agt_${ID}`, currency: "EUR", amount_minor: 1 },
      "agent_id",
    ],
    [setBudgetSchema, { scope: "world", currency: "EUR", amount_minor: 1 }, "scope"],
    [setBudgetSchema, { scope: "project", currency: "EUR", amount_minor: -1 }, "amount_minor"],
    [setBudgetSchema, { scope: "project", currency: "EUR", amount_minor: 0.5 }, "amount_minor"],
    [setBudgetSchema, { scope: "project", currency: "EUR", amount_minor: 2 ** 53 }, "amount_minor"],
    [setBudgetSchema, { scope: "project", currency: "EUR" }, "amount_minor"],
    [setSpendPolicySchema, {}, "policy"],
    [setSpendPolicySchema, { policy: {} }, "policy.currency"],
    [trySpendPolicySchema, { policy: null }, "policy"],
    [trySpendPolicySchema, { policy: { currency: "EUR" }, days: 91 }, "days"],
    [trySpendPolicySchema, { policy: { currency: "EUR" }, days: 0 }, "days"],
    [setKillSwitchSchema, {}, "stopped"],
    [setKillSwitchSchema, { stopped: "false" }, "stopped"],
    [getBurnDownSchema, { days: "91" }, "days"],
    [refundPurchaseSchema, { id: `req_${ID}`, amount }, "id"],
  ] as [z.ZodType, unknown, string][])("%# is refused", (schema, value, fault) => {
    expect(faultsOf(schema, value)).toEqual([fault]);
  });
});
