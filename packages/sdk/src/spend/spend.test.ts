import type { WirePurchase } from "@holdpoint/protocol/spend";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Cipher } from "../encryption/cipher.js";
import { ConflictError, IdempotencyConflictError } from "../errors/conflict.js";
import { DecryptionError } from "../errors/encryption.js";
import { NotFoundError } from "../errors/not-found.js";
import { InvalidResponseError } from "../errors/response.js";
import { ValidationError } from "../errors/validation.js";
import { WaitTimeoutError } from "../errors/wait.js";
import { Holdpoint } from "../holdpoint.js";
import { fastForward, useFakeTime } from "../test-kit/fake-time.js";
import {
  API_KEY,
  BASE_URL,
  KEY,
  OTHER_KEY,
  PROJECT_ID,
  problem,
  REQUEST_ID,
  wirePurchase,
} from "../test-kit/fixtures.js";
import { type Reply, type SentCall, scriptFetch } from "../test-kit/scripted-fetch.js";
import type { Amount, PurchaseOptions } from "./options.js";

afterEach(() => {
  vi.useRealTimers();
});

function connect(replies: readonly Reply[], options: object = {}) {
  const { calls, fetch } = scriptFetch(...replies);
  const { spend } = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch, ...options });
  const paths = () => calls.map(({ method, url }) => `${method} ${url.pathname}${url.search}`);
  const bodies = () => calls.map(({ body }) => body && JSON.parse(body));
  return { calls, spend, paths, bodies };
}

const asked = { id: REQUEST_ID, amount: "12.50", currency: "EUR", category: "cloud" } as const;
const eur = (amount_minor: number) => ({ amount_minor, currency: "EUR" });

describe("spend.purchase", () => {
  test("sends minor units once, and shows what came back, amounts as texts, times as dates", async () => {
    const answer = wirePurchase("pending", { merchant_name: "ACME", payee: "acme.example" });
    const { spend, paths, bodies } = connect([answer], { agent: "Bot", environment: "test" });
    const given = { ...asked, merchantName: "ACME", payee: "acme.example", runId: "run-1" };
    expect(await spend.purchase(given)).toEqual({
      requestId: REQUEST_ID,
      status: "pending",
      hold: "HELD",
      amount: "12.50",
      currency: "EUR",
      category: "cloud",
      merchantName: "ACME",
      payee: "acme.example",
      encrypted: false,
      policyCheck: { passed: true, checks: [expect.objectContaining({ result: "pass" })] },
      budgetRemaining: "87.50",
      agent: { id: expect.any(String), name: "bot" },
      createdAt: new Date("2026-11-22T09:30:00.000Z"),
      expiresAt: new Date("2026-11-22T10:00:00.000Z"),
      late: false,
      url: `${BASE_URL}/requests/${REQUEST_ID}`,
    });
    expect(paths()).toEqual(["POST /v1/purchases"]);
    expect(bodies()).toEqual([
      {
        id: REQUEST_ID,
        amount: { amount_minor: 1_250, currency: "EUR" },
        category: "cloud",
        merchant_name: "ACME",
        fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
        payee: "acme.example",
        agent_label: "Bot",
        environment: "test",
        run_id: "run-1",
      },
    ]);
  });

  test("a rejection is a value, with every check", async () => {
    const check = { rule: "budget", scope: "agent", result: "fail", detail: "d" } as const;
    const policy_check = { passed: false, checks: [check] };
    const { spend } = connect([wirePurchase("rejected", { policy_check, hold: "NONE" })]);
    expect(await spend.purchase(asked)).toMatchObject({
      status: "rejected",
      policyCheck: { passed: false, checks: [check] },
    });
  });

  test("what may be paid is the amount asked, or what a person made of it", async () => {
    const auto = connect([wirePurchase("auto_approved")]).spend.purchase(asked);
    expect(await auto).toMatchObject({ amount: "12.50", approvedAmount: "12.50" });
    const lowered = wirePurchase("approved", { approved_amount: eur(900) });
    const approved = connect([lowered]).spend.purchase(asked);
    expect(await approved).toMatchObject({ amount: "12.50", approvedAmount: "9.00" });
    for (const status of ["pending", "rejected", "expired", "cancelled"] as const) {
      const purchase = await connect([wirePurchase(status)]).spend.purchase(asked);
      expect(purchase).not.toHaveProperty("approvedAmount");
    }
  });

  test("sends the same bytes again when the answer is lost", async () => {
    const echo = ({ body }: SentCall) =>
      Response.json(wirePurchase("pending", { id: JSON.parse(body ?? "{}").id }));
    const { spend, bodies } = connect([new TypeError("fetch failed"), echo]);
    const { id: _, ...fresh } = asked;
    const { requestId } = await spend.purchase(fresh);
    const [first, second] = bodies();
    expect(second).toEqual(first);
    expect(first.id).toBe(requestId);
  });

  test("[S-ONCE] a key makes the id; another purchase under it is a conflict", async () => {
    const first = connect([
      problem(409, "REQUEST_ID_CONFLICT"),
      problem(404, "PURCHASE_NOT_FOUND"),
    ]);
    const { id: _, ...fresh } = asked;
    const keyed = { ...fresh, idempotencyKey: "order-7" };
    const conflict = first.spend.purchase(keyed);
    await expect(conflict).rejects.toBeInstanceOf(IdempotencyConflictError);
    await expect(conflict).rejects.toMatchObject({ code: "IDEMPOTENCY_CONFLICT" });
    const [{ id }] = first.bodies();
    expect(first.paths()).toEqual(["POST /v1/purchases", `GET /v1/purchases/${id}`]);
    const found = connect([problem(409, "REQUEST_ID_CONFLICT"), wirePurchase("approved", { id })]);
    expect(
      await found.spend.purchase({ ...keyed, comment: "Said otherwise this time." }),
    ).toMatchObject({
      requestId: id,
      status: "approved",
    });
    const more = connect([problem(409, "REQUEST_ID_CONFLICT"), wirePurchase("approved", { id })]);
    await expect(more.spend.purchase({ ...keyed, amount: "12.51" })).rejects.toMatchObject({
      code: "IDEMPOTENCY_CONFLICT",
    });
    const both = connect([]).spend.purchase({ ...keyed, id: REQUEST_ID });
    await expect(both).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });

  test("an id that is taken is a conflict, and nothing else is looked at", async () => {
    const { spend, calls } = connect([problem(409, "REQUEST_ID_CONFLICT")]);
    const conflict = spend.purchase(asked);
    await expect(conflict).rejects.toBeInstanceOf(ConflictError);
    await expect(conflict).rejects.toMatchObject({ code: "REQUEST_ID_CONFLICT" });
    expect(calls).toHaveLength(1);
  });

  test("writes into nothing it is given", async () => {
    const options = Object.freeze({ ...asked, metadata: Object.freeze({ a: 1 }) });
    const { spend } = connect([wirePurchase("pending", { details: { metadata: { a: 1 } } })]);
    expect(await spend.purchase(options)).toMatchObject({ metadata: { a: 1 } });
  });
});

describe("[P-SPEND-UNITS] amounts", () => {
  test.each<[Amount, string, number]>([
    ["12.5", "EUR", 1_250],
    [1_250n, "EUR", 1_250],
    ["0.000001", "USDC", 1],
    ["500", "JPY", 500],
    ["1.234", "KWD", 1_234],
    ["9999999999999.99", "EUR", 999_999_999_999_999],
  ])("%s %s is %i", async (amount, currency, amount_minor) => {
    const { spend, bodies } = connect([
      wirePurchase("pending", { amount: { amount_minor, currency }, budget_remaining: null }),
    ]);
    await spend.purchase({ ...asked, amount, currency });
    expect(bodies()).toMatchObject([{ amount: { amount_minor, currency } }]);
  });

  test.each<[string, unknown, string]>([
    ["a number", 12.5, "EUR"],
    ["an integer number", 12, "EUR"],
    ["NaN", Number.NaN, "EUR"],
    ["nothing", undefined, "EUR"],
    ["null", null, "EUR"],
    ["an object", { amount: "1" }, "EUR"],
    ["zero", "0.00", "EUR"],
    ["zero minor units", 0n, "EUR"],
    ["a negative text", "-1", "EUR"],
    ["negative minor units", -1n, "EUR"],
    ["an exponent", "1e3", "EUR"],
    ["separators", "1,000.00", "EUR"],
    ["spaces", " 1", "EUR"],
    ["an empty text", "", "EUR"],
    ["hexadecimal digits", "0x10", "EUR"],
    ["more decimals than the currency has", "12.505", "EUR"],
    ["decimals where there are none", "1.5", "JPY"],
    ["more than any amount", "10000000000000.00", "EUR"],
    ["more minor units than any amount", 10n ** 15n, "EUR"],
    ["a currency nobody knows", "1", "XTS"],
    ["a currency in small letters", "1", "eur"],
    ["no currency", "1", undefined as unknown as string],
  ])("[P-SPEND-INPUT] refuses %s before anything is sent", async (_name, amount, currency) => {
    const { spend, calls } = connect([wirePurchase()]);
    const options = { ...asked, amount, currency } as PurchaseOptions;
    const refused = spend.purchase(options);
    await expect(refused).rejects.toBeInstanceOf(ValidationError);
    await expect(refused).rejects.toMatchObject({ code: "AMOUNT_INVALID" });
    const actual = { success: true, actualAmount: amount ?? null } as never;
    const unconfirmed = spend.confirm({ requestId: REQUEST_ID, currency }, actual);
    await expect(unconfirmed).rejects.toMatchObject({ code: "AMOUNT_INVALID" });
    expect(calls).toHaveLength(0);
  });

  test("a number is refused before the currency is looked up", async () => {
    const { spend, calls } = connect([wirePurchase("approved")]);
    const confirmed = spend.confirm(REQUEST_ID, { success: true, actualAmount: 12.5 as never });
    await expect(confirmed).rejects.toMatchObject({ code: "AMOUNT_INVALID" });
    expect(calls).toHaveLength(0);
  });
});

describe("[G4] answers that make no sense are no approvals", () => {
  const approved = wirePurchase("approved");
  const check = { rule: "budget", scope: "agent", result: "fail", detail: "d" };
  test.each<[string, object]>([
    ["no object", [] as object],
    ["another purchase", { ...approved, id: "req_01h455vb4pex5vsknk084sn02r" }],
    ["a status nobody knows", { ...approved, status: "granted" }],
    ["a status of requests", { ...approved, status: "APPROVED" }],
    ["a hold nobody knows", { ...approved, hold: "MAYBE" }],
    ["an approval by an agent", { ...approved, decided_by: { type: "agent", id: "agt_1" } }],
    ["an approval by nobody", { ...approved, decided_by: undefined }],
    ["a person as the policy", { ...approved, status: "auto_approved" }],
    [
      "an approval despite a failed check",
      { ...approved, policy_check: { passed: true, checks: [check] } },
    ],
    [
      "an approval the policy is against",
      { ...approved, policy_check: { passed: false, checks: [] } },
    ],
    [
      "checks nobody understands",
      { ...approved, policy_check: { passed: true, checks: [{ ...check, result: "perhaps" }] } },
    ],
    ["no checks", { ...approved, policy_check: undefined }],
    ["another amount", { ...approved, amount: eur(125_000) }],
    ["another currency", { ...approved, amount: { amount_minor: 1_250, currency: "USD" } }],
    ["an amount that is no integer", { ...approved, amount: eur(12.5) }],
    ["an amount as a text", { ...approved, amount: eur("1250" as never) }],
    ["more approved than asked", { ...approved, approved_amount: eur(1_251) }],
    [
      "another currency approved",
      { ...approved, approved_amount: { amount_minor: 1, currency: "USD" } },
    ],
    ["a debt as what was paid", { ...approved, actual_amount: eur(-1) }],
    ["another category", { ...approved, category: "travel" }],
    ["another payee", { ...approved, payee: "evil.example" }],
    ["no word on budgets", { ...approved, budget_remaining: undefined }],
    ["times that are none", { ...approved, created_at: "yesterday" }],
    ["details that are none", { ...approved, details: "text" }],
    ["a description that is none", { ...approved, details: { description: 7 } }],
    [
      "another description",
      { ...wirePurchase("auto_approved"), details: { description: "Else." } },
    ],
  ])("%s", async (_name, answer) => {
    const refused = connect([answer as Reply]).spend.purchase(asked);
    await expect(refused).rejects.toBeInstanceOf(InvalidResponseError);
    await expect(refused).rejects.toMatchObject({ code: "RESPONSE_INVALID" });
  });

  test("members nobody knows are let pass", async () => {
    const { spend } = connect([{ ...approved, later: 1 }]);
    expect(await spend.purchase(asked)).toMatchObject({ status: "approved" });
  });
});

describe("[G6] with an encryption key", () => {
  const details = { description: "One GPU.", comment: "Urgent.", metadata: { ticket: "T-1" } };
  const sealed = async (value: object = details, id = REQUEST_ID, key = KEY) =>
    (await new Cipher(PROJECT_ID, [key]).seal(value as never, id, "payload")) as NonNullable<
      WirePurchase["details"]
    >;
  const encrypted = async (value?: object, id?: string, key?: string) =>
    wirePurchase("approved", { encrypted: true, details: await sealed(value, id, key) });

  test("words and labels leave sealed, what is judged in clear, and they open again", async () => {
    const { spend, calls, bodies } = connect([await encrypted()], { encryptionKey: KEY });
    expect(await spend.purchase({ ...asked, ...details })).toMatchObject({
      ...details,
      encrypted: true,
    });
    expect(bodies()).toMatchObject([
      {
        amount: eur(1_250),
        category: "cloud",
        encrypted: true,
        details: { ciphertext: expect.any(String) },
      },
    ]);
    expect(calls[0]?.body).not.toMatch(/GPU|Urgent|T-1/);
  });

  test("a purchase without words is encrypted as well", async () => {
    const { spend, bodies } = connect([await encrypted({})], { encryptionKey: KEY });
    await spend.purchase(asked);
    expect(bodies()).toMatchObject([
      { encrypted: true, details: { ciphertext: expect.any(String) } },
    ]);
  });

  test.each<[string, () => Promise<WirePurchase>, string]>([
    [
      "moved from another purchase",
      () => encrypted(details, "req_01h455vb4pex5vsknk084sn02r"),
      "DECRYPTION_FAILED",
    ],
    [
      "sealed with another key",
      () => encrypted(details, REQUEST_ID, OTHER_KEY),
      "DECRYPTION_KEY_MISSING",
    ],
    ["plaintext", async () => wirePurchase("approved", { details }), "PLAINTEXT_REFUSED"],
    [
      "no envelope",
      async () => wirePurchase("approved", { encrypted: true, details: { ...details } }),
      "DECRYPTION_FAILED",
    ],
  ])("[G4] details that are %s are an error, never an approval", async (_name, answer, code) => {
    const options = { encryptionKey: KEY };
    const wire = await answer();
    const { spend } = connect([wire], options);
    for (const read of [
      () => spend.purchase({ ...asked, ...details }),
      () => spend.get(REQUEST_ID),
      () => spend.wait(REQUEST_ID),
    ]) {
      const refused = read();
      await expect(refused).rejects.toBeInstanceOf(DecryptionError);
      await expect(refused).rejects.toMatchObject({ code });
    }
  });

  test("asked again in another process, under other ciphertext, it is the same purchase", async () => {
    const replies = [problem(409, "REQUEST_ID_CONFLICT"), await encrypted()];
    const { spend } = connect(replies, { encryptionKey: KEY });
    expect(await spend.purchase({ ...asked, ...details })).toMatchObject({ status: "approved" });
    const other = connect(replies, { encryptionKey: KEY });
    const conflict = other.spend.purchase({ ...asked, description: "Two GPUs." });
    await expect(conflict).rejects.toMatchObject({ code: "REQUEST_ID_CONFLICT" });
  });
});

describe("spend.get, list and wait", () => {
  test("get says what is not there", async () => {
    const absent = connect([problem(404, "PURCHASE_NOT_FOUND")]).spend.get(REQUEST_ID);
    await expect(absent).rejects.toBeInstanceOf(NotFoundError);
    await expect(absent).rejects.toMatchObject({ code: "PURCHASE_NOT_FOUND" });
    await expect(connect([]).spend.get("12")).rejects.toBeInstanceOf(ValidationError);
  });

  test("list filters and pages", async () => {
    const { spend, paths } = connect([{ data: [wirePurchase("completed")], next_cursor: "c2" }]);
    const page = await spend.list({
      status: ["completed", "failed"],
      category: "cloud",
      since: new Date("2026-11-01T00:00:00Z"),
      limit: 1,
    });
    expect(page).toMatchObject({ data: [{ status: "completed" }], nextCursor: "c2" });
    expect(decodeURIComponent(paths()[0] as string)).toBe(
      "GET /v1/purchases?status=completed,failed&category=cloud&limit=1&since=2026-11-01T00:00:00.000Z",
    );
    await expect(connect([{ data: "all" }]).spend.list()).rejects.toBeInstanceOf(
      InvalidResponseError,
    );
    await expect(connect([{ data: [] }]).spend.list()).rejects.toBeInstanceOf(InvalidResponseError);
  });

  test("wait holds one call after another until it is no longer pending", async () => {
    useFakeTime();
    const { spend, paths } = connect([
      wirePurchase("pending"),
      problem(503, "UNAVAILABLE"),
      wirePurchase("approved"),
    ]);
    const { result } = await fastForward(spend.wait(REQUEST_ID));
    expect(result).toMatchObject({ status: "approved" });
    expect(paths()).toEqual(Array(3).fill(`GET /v1/purchases/${REQUEST_ID}?wait_ms=25000`));
  });

  test("wait ends at its deadline, and with its signal", async () => {
    useFakeTime();
    const { spend } = connect([wirePurchase("pending")]);
    const { result, tookMs } = await fastForward(spend.wait(REQUEST_ID, { timeoutMs: 5_000 }));
    expect(result).toBeInstanceOf(WaitTimeoutError);
    expect(tookMs).toBeGreaterThanOrEqual(5_000);
    const reason = new Error("left");
    const aborted = spend.wait(REQUEST_ID, { signal: AbortSignal.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
    await expect(spend.wait(REQUEST_ID, { timeoutMs: 0 })).rejects.toBeInstanceOf(ValidationError);
  });
});

describe("[P-SPEND-CONFIRM] spend.confirm", () => {
  const settled = wirePurchase("completed", { actual_amount: eur(1_199) });

  test("says what was paid, in the purchase's currency", async () => {
    const { spend, paths, bodies } = connect([wirePurchase("approved"), settled]);
    const outcome = {
      success: true,
      actualAmount: "11.99",
      receiptUrl: "https://acme.example/r/1",
      externalId: "ch_1",
    } as const;
    expect(await spend.confirm(REQUEST_ID, outcome)).toMatchObject({
      status: "completed",
      actualAmount: "11.99",
    });
    expect(paths()).toEqual([
      `GET /v1/purchases/${REQUEST_ID}`,
      `POST /v1/purchases/${REQUEST_ID}/confirm`,
    ]);
    expect(bodies()[1]).toEqual({
      success: true,
      actual_amount: eur(1_199),
      receipt_url: "https://acme.example/r/1",
      external_id: "ch_1",
    });
  });

  test("the purchase itself, or no amount, spares the look", async () => {
    const known = connect([settled]);
    await known.spend.confirm(
      { requestId: REQUEST_ID, currency: "EUR" },
      { success: true, actualAmount: 1_199n },
    );
    const whole = connect([settled]);
    await whole.spend.confirm(REQUEST_ID, { success: true });
    expect([known.calls.length, whole.calls.length]).toEqual([1, 1]);
  });

  test("an answer that does not say so is no confirmation", async () => {
    for (const [success, answer] of [
      [true, wirePurchase("approved")],
      [true, wirePurchase("failed")],
      [false, wirePurchase("approved")],
      [false, settled],
    ] as const) {
      const confirmed = connect([answer]).spend.confirm(REQUEST_ID, { success });
      await expect(confirmed).rejects.toMatchObject({ code: "RESPONSE_INVALID" });
    }
    const released = connect([wirePurchase("failed")]).spend.confirm(REQUEST_ID, {
      success: false,
    });
    expect(await released).toMatchObject({ status: "failed", hold: "RELEASED" });
  });

  test.each([
    "AMOUNT_ABOVE_APPROVED",
    "PURCHASE_SETTLED",
    "PURCHASE_NOT_APPROVED",
    "EXECUTION_CLAIMED",
  ])("%s is a conflict, not tried again", async (code) => {
    const { spend, calls } = connect([problem(409, code)]);
    const confirmed = spend.confirm(REQUEST_ID, { success: true });
    await expect(confirmed).rejects.toBeInstanceOf(ConflictError);
    await expect(confirmed).rejects.toMatchObject({ code, retryable: false });
    expect(calls).toHaveLength(1);
  });
});

describe("what binds this agent", () => {
  const budget = {
    id: "bgt_01h455vb4pex5vsknk084sn02q",
    scope: "project",
    currency: "EUR",
    allocated: eur(10_000),
    held: eur(1_250),
    spent: eur(9_000),
    available_minor: -250,
    updated_at: "2026-11-22T09:30:00.000Z",
  };
  const policy = (document: object, more: object = {}) => ({
    id: "spp_01h455vb4pex5vsknk084sn02q",
    scope: "agent",
    revision: 3,
    policy: { currency: "EUR", ...document },
    summary: ["Only cloud."],
    warnings: [],
    created_at: "2026-11-22T09:30:00.000Z",
    created_by: { type: "operator", id: "usr_1" },
    ...more,
  });
  const list = (...data: object[]) => ({ data, next_cursor: null });

  test("budgets, also overdrawn ones and those without a limit", async () => {
    const open = { ...budget, allocated: null, available_minor: null };
    const { spend, paths } = connect([list(budget, open)]);
    expect(await spend.budget()).toEqual([
      {
        id: budget.id,
        scope: "project",
        currency: "EUR",
        allocated: "100.00",
        held: "12.50",
        spent: "90.00",
        available: "-2.50",
        updatedAt: new Date("2026-11-22T09:30:00.000Z"),
      },
      expect.objectContaining({ allocated: null, available: null }),
    ]);
    expect(paths()).toEqual(["GET /v1/budgets"]);
    for (const broken of [
      { scope: "world" },
      { held: null },
      { available_minor: "1" },
      { id: 1 },
    ]) {
      const refused = connect([list({ ...budget, ...broken })]).spend.budget();
      await expect(refused).rejects.toMatchObject({ code: "RESPONSE_INVALID" });
    }
  });

  test("policies, without those that were taken away", async () => {
    const { spend, paths } = connect([
      list(policy({ daily_limit: "5" }), policy({}, { policy: null })),
    ]);
    expect(await spend.policy()).toEqual([
      {
        id: "spp_01h455vb4pex5vsknk084sn02q",
        scope: "agent",
        revision: 3,
        policy: { currency: "EUR", daily_limit: "5" },
        summary: ["Only cloud."],
        createdAt: new Date("2026-11-22T09:30:00.000Z"),
      },
    ]);
    expect(paths()).toEqual(["GET /v1/spend-policies"]);
    const broken = connect([list(policy({}, { summary: "Only cloud." }))]).spend.policy();
    await expect(broken).rejects.toMatchObject({ code: "RESPONSE_INVALID" });
  });

  test("categories that every policy knows and none refuses", async () => {
    const categories = (...policies: object[]) => connect([list(...policies)]).spend.categories();
    expect(await categories()).toContain("cloud");
    expect(await categories(policy({ categories: ["gpu", "disk"] }))).toEqual(["gpu", "disk"]);
    const own = policy({ categories: ["cloud", "gpu", "food", "data"] });
    const shared = policy({ allowed_categories: ["cloud", "food"], blocked_categories: ["food"] });
    expect(await categories(own, shared)).toEqual(["cloud"]);
  });
});
