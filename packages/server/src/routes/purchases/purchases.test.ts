import { LIMITS } from "@holdpoint/protocol";
import { importEnvelopeKey, sealEnvelope } from "@holdpoint/protocol/envelope";
import type { WirePurchase } from "@holdpoint/protocol/spend";
import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type Credentials, codeOf, newPurchase, type Reply, World } from "../testing/world.js";

const worlds: World[] = [];
let world: World;
beforeEach(async () => {
  world = await World.create();
  worlds.push(world);
});
afterAll(() => Promise.all(worlds.map(({ controlPlane }) => controlPlane.close())));

const POLICY = {
  currency: "EUR",
  per_request_limit: "100.00",
  auto_approve: { enabled: true, max_amount: "20.00" },
};
const EUR = (amount_minor: number) => ({ amount_minor, currency: "EUR" });

const post = (body: object, as: keyof Credentials = "agent", headers = {}) =>
  world.call("POST", "/v1/purchases", { as, body, headers });
const read = async (id: string): Promise<WirePurchase> =>
  (await world.call("GET", `/v1/purchases/${id}`, { as: "agent" })).body;
const confirm = (id: string, body: object) =>
  world.call("POST", `/v1/purchases/${id}/confirm`, { as: "agent", body });
const refund = (id: string, amount: object, fields: object = {}) =>
  world.call("POST", `/v1/purchases/${id}/refund`, {
    as: "approver",
    body: { id: typeidUnboxed("rfd"), amount, ...fields },
  });
const setPolicy = (policy: object | null) =>
  world.call("POST", "/v1/spend-policies", { as: "admin", body: { policy } });
const setBudget = (amount_minor: number) =>
  world.call("PUT", "/v1/budgets", {
    as: "admin",
    body: { scope: "project", currency: "EUR", amount_minor },
  });
const requestOf = async (id: string) =>
  (await world.call("GET", `/v1/requests/${id}`, { as: "admin" })).body;
const approve = async (id: string, patch?: object): Promise<Reply> => {
  const { payload, revision } = await requestOf(id);
  const patched = patch && { patched_payload: { ...payload, ...patch } };
  return world.decide(id, { decision: "approve", revision, ...patched });
};
const issuesOf = (reply: Reply): string[] =>
  (reply.body.issues ?? []).map(({ path }: { path: string }) => path);

/** Until the server holds a call, by its own count. */
async function untilHeld(): Promise<void> {
  const isHeld = async () => /^holdpoint_pending_waiters 1$/m.test((await metrics()).body);
  while (!(await isHeld())) await new Promise(setImmediate);
}
const metrics = () => world.call("GET", "/metrics");

describe("a purchase", () => {
  it("is a request in the common inbox, with a form in which less may be allowed", async () => {
    const purchase = await world.buy();
    expect(purchase).toMatchObject({
      status: "pending",
      hold: "HELD",
      amount: EUR(1250),
      budget_remaining: null,
      policy_check: { passed: true },
      details: { description: "One month of the small plan" },
      expires_at: new Date(world.clock.now() + 30 * 60_000).toISOString(),
      url: `http://localhost/requests/${purchase.id}`,
    });
    const inbox = await world.call("GET", "/v1/requests?status=PENDING", { as: "admin" });
    expect(inbox.body.data).toMatchObject([
      { id: purchase.id, service: "spend", action: "purchase" },
    ]);
    const { payload, schema } = await requestOf(purchase.id);
    expect(payload).toEqual({
      amount: "12.50",
      currency: "EUR",
      category: "software",
      merchant_name: "Example Hosting",
      payee: "hosting.example",
      description: "One month of the small plan",
    });
    expect(schema.properties).toMatchObject({
      amount: { type: "string", pattern: "^(0|[1-9]\\d*)(\\.\\d{1,2})?$" },
      currency: { const: "EUR", readOnly: true },
      payee: { const: "hosting.example", readOnly: true },
    });
    expect(schema.properties.description).not.toHaveProperty("const");
  });

  it("goes from the policy's yes over the money's end to a refund, each on record", async () => {
    await setPolicy(POLICY);
    await setBudget(5_000);
    const made = await post(newPurchase());
    expect(made.status).toBe(201);
    const { id } = made.body;
    expect(made.body).toMatchObject({
      status: "auto_approved",
      budget_remaining: EUR(3_750),
      decided_by: { type: "policy", id: "spend-policy" },
      hold_expires_at: new Date(world.clock.now() + LIMITS.grantMs).toISOString(),
    });
    expect(made.body).not.toHaveProperty("expires_at");
    const receipt_url = "https://shop.example/r/1";
    const said = { success: true, actual_amount: EUR(1_000), receipt_url, external_id: "ch_1" };
    const confirmed = await confirm(id, said);
    expect(confirmed.body).toMatchObject({
      status: "completed",
      hold: "SETTLED",
      actual_amount: EUR(1_000),
      budget_remaining: EUR(4_000),
      receipt_url,
      external_id: "ch_1",
    });
    expect(await confirm(id, said)).toMatchObject({ status: 200, body: confirmed.body });
    expect(codeOf(await confirm(id, { ...said, external_id: "ch_2" }))).toBe("PURCHASE_SETTLED");
    const refunded = await refund(id, EUR(400));
    expect(refunded.body).toMatchObject({
      status: "completed",
      refunded_amount: EUR(400),
      budget_remaining: EUR(4_400),
    });
    expect(codeOf(await refund(id, EUR(601)))).toBe("REFUND_ABOVE_PAID");
    const events = await world.call("GET", `/v1/requests/${id}/events`, { as: "admin" });
    const told = events.body.data.map(({ type, purchase }: Record<string, object>) => [
      type,
      (purchase as { amount_minor?: number } | undefined)?.amount_minor,
    ]);
    expect(told).toEqual([
      ["request.created", undefined],
      ["purchase.reserved", 1_250],
      ["request.approved", undefined],
      ["purchase.settled", 1_000],
      ["purchase.refunded", 400],
    ]);
    for (const { receipt_id } of events.body.data) {
      const receipt = await world.call("GET", `/v1/receipts/${receipt_id}`, { as: "agent" });
      expect(receipt.status).toBe(200);
    }
  });

  it("is refused with every check, and nothing is reserved", async () => {
    await setPolicy(POLICY);
    const { status, body } = await post(newPurchase({ amount: EUR(10_001) }));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: "rejected",
      hold: "NONE",
      policy_check: { passed: false },
      reason: expect.stringContaining("per_request_limit"),
    });
    const rules = body.policy_check.checks.map(({ rule }: { rule: string }) => rule);
    expect(new Set(rules).size).toBe(15);
    expect(codeOf(await confirm(body.id, { success: true }))).toBe("PURCHASE_NOT_APPROVED");
  });

  it("reserves once, also under an idempotency key", async () => {
    const body = newPurchase();
    const headers = { "idempotency-key": "k1" };
    expect((await post(body, "agent", headers)).status).toBe(201);
    const again = await post(body, "agent", headers);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect((await post(body)).status).toBe(200);
    expect(codeOf(await post({ ...body, amount: EUR(1) }))).toBe("REQUEST_ID_CONFLICT");
    expect(codeOf(await post({ ...body, amount: EUR(1) }, "agent", headers))).toBe(
      "IDEMPOTENCY_CONFLICT",
    );
    const budgets = await world.call("GET", "/v1/budgets", { as: "agent" });
    for (const { held } of budgets.body.data) expect(held).toEqual(EUR(1_250));
  });

  it("is counted by what became of it", async () => {
    const { id } = await world.buyApproved();
    await confirm(id, { success: true });
    const { body } = await metrics();
    expect(body).toContain('holdpoint_purchases_total{outcome="pending"} 1');
    expect(body).toContain('holdpoint_purchases_total{outcome="completed"} 1');
  });

  it("is listed to its agent and to the people of its project, by what it is", async () => {
    await setPolicy(POLICY);
    const pending = await world.buy({ amount: EUR(2_001), category: "cloud" });
    const approved = await world.buy();
    const failed = await world.buy();
    await confirm(failed.id, { success: false });
    const idsOf = async (query: string, as: keyof Credentials = "agent") => {
      const { body } = await world.call("GET", `/v1/purchases?${query}`, { as });
      return body.data.map(({ id }: WirePurchase) => id);
    };
    expect(await idsOf("")).toHaveLength(3);
    expect(await idsOf("", "viewer")).toHaveLength(3);
    expect(await idsOf("", "otherAgent")).toEqual([]);
    expect(await idsOf("", "foreignAdmin")).toEqual([]);
    expect(await idsOf("status=pending")).toEqual([pending.id]);
    expect(await idsOf("status=auto_approved")).toEqual([approved.id]);
    expect(await idsOf("status=failed,pending&category=software")).toEqual([failed.id]);
    expect(await idsOf("status=completed,rejected,expired,cancelled,approved")).toEqual([]);
    expect(await idsOf("currency=USD")).toEqual([]);
    expect(await idsOf(`agent_id=${pending.agent.id}`, "otherAgent")).toEqual([]);
    expect(await idsOf(`since=${new Date(world.clock.now() + 1).toISOString()}`)).toEqual([]);
    const page = await world.call("GET", "/v1/purchases?limit=2", { as: "agent" });
    const { next_cursor } = page.body;
    expect(page.body.data[0]).not.toHaveProperty("details");
    expect(await idsOf(`limit=2&cursor=${next_cursor}`)).toHaveLength(1);
  });
});

describe("a person", () => {
  it("may let less be spent, and change the words", async () => {
    const { id } = await world.buy();
    const reply = await approve(id, { amount: "10.5", description: "Two weeks", comment: "Less." });
    expect(reply.body).toMatchObject({ status: "APPROVED_WITH_MODIFICATIONS" });
    expect(await read(id)).toMatchObject({
      status: "approved",
      approved_amount: EUR(1_050),
      details: { description: "Two weeks", comment: "Less." },
    });
    expect(codeOf(await confirm(id, { success: true, actual_amount: EUR(1_051) }))).toBe(
      "AMOUNT_ABOVE_APPROVED",
    );
    expect((await confirm(id, { success: true })).body).toMatchObject({
      actual_amount: EUR(1_050),
    });
  });

  it.each([
    ["more", { amount: "12.51" }],
    ["nothing", { amount: "0" }],
    ["no amount", { amount: "ten" }],
    ["too many decimals", { amount: "1.001" }],
    ["a number", { amount: 10 }],
    ["another currency", { currency: "USD" }],
    ["another payee", { payee: "mallory.example" }],
    ["another category", { category: "cloud" }],
    ["something else", { tip: "1.00" }],
  ])("may not let %s be spent", async (_name, patch) => {
    const { id } = await world.buy();
    expect(codeOf(await approve(id, patch))).toBe("PATCH_INVALID");
    expect(await read(id)).toMatchObject({ status: "pending" });
  });

  it("is told what is against it now", async () => {
    const { id } = await world.buy();
    await setPolicy({ ...POLICY, per_request_limit: "12.49" });
    const refused = await approve(id);
    expect(codeOf(refused)).toBe("SPEND_POLICY_REFUSED");
    expect(JSON.stringify(refused.body.issues)).toContain("per_request_limit");
    const body = { stopped: true, reason: "Enough." };
    await world.call("PUT", "/v1/kill-switches", { as: "approver", body });
    expect(codeOf(await approve(id))).toBe("SPENDING_STOPPED");
    expect(await read(id)).toMatchObject({ status: "pending", hold: "HELD" });
  });

  it("is one of as many as the policy asks for", async () => {
    const approval_threshold = { amount: "10.00", role: "finance", quorum: 2 };
    await setPolicy({ ...POLICY, approval_threshold });
    const { id } = await world.buy();
    expect(await requestOf(id)).toMatchObject({ role: "finance", quorum: 2 });
    expect(codeOf(await world.decide(id, { decision: "approve", revision: 1 }, "approver"))).toBe(
      "ROLE_REQUIRED",
    );
    await world.decide(id, { decision: "approve", revision: 1 }, "finance");
    expect(await read(id)).toMatchObject({
      status: "pending",
      quorum: 2,
      approvals: [{ operator: { name: expect.any(String) } }],
    });
    await world.decide(id, { decision: "approve", revision: 1 }, "admin");
    expect(await read(id)).toMatchObject({ status: "approved", hold: "HELD" });
  });

  it("refunds as an approver, and no agent does", async () => {
    const { id } = await world.buyApproved();
    await confirm(id, { success: true });
    const body = { id: typeidUnboxed("rfd"), amount: EUR(1) };
    for (const [as, code] of [
      ["agent", "PERMISSION_DENIED"],
      ["viewer", "ROLE_REQUIRED"],
    ] as const) {
      const reply = await world.call("POST", `/v1/purchases/${id}/refund`, { as, body });
      expect(codeOf(reply)).toBe(code);
    }
    expect((await refund(id, EUR(1), { reason: "Came back." })).status).toBe(200);
    expect(codeOf(await refund(id, { amount_minor: 1, currency: "USD" }))).toBe(
      "VALIDATION_FAILED",
    );
  });
});

describe("time", () => {
  it("ends what nobody has decided, at the very millisecond, and frees the money for others", async () => {
    await setBudget(1_250);
    const { id } = await world.buy();
    const refused = await world.buy({ amount: EUR(1) });
    expect(refused.status).toBe("rejected");
    world.clock.advance(30 * 60_000 - 1);
    expect(await read(id)).toMatchObject({ status: "pending" });
    world.clock.advance(1);
    expect(await world.buy()).toMatchObject({ status: "pending" });
    expect(await read(id)).toMatchObject({ status: "expired", hold: "EXPIRED" });
  });

  it("ends what was approved and never confirmed, and a late word of it is on record", async () => {
    const { id } = await world.buyApproved();
    world.clock.advance(LIMITS.grantMs);
    expect(await read(id)).toMatchObject({ status: "expired", hold: "EXPIRED" });
    const late = await confirm(id, { success: true });
    expect(late.body).toMatchObject({ status: "completed", late: true });
  });

  it("lets a call that waits go on when somebody decides", async () => {
    const { id } = await world.buy();
    const waiting = world.call("GET", `/v1/purchases/${id}?wait_ms=20000`, { as: "agent" });
    await untilHeld();
    await approve(id);
    expect((await waiting).body).toMatchObject({ status: "approved" });
    const other = await world.buy();
    const held = world.call("GET", `/v1/purchases/${other.id}?wait_ms=500`, { as: "agent" });
    await untilHeld();
    world.clock.advance(500);
    expect((await held).body).toMatchObject({ status: "pending" });
  });

  it("is nothing to a purchase that its agent takes back", async () => {
    const { id } = await world.buy();
    await world.call("POST", `/v1/requests/${id}/cancel`, { as: "agent" });
    expect(await read(id)).toMatchObject({ status: "cancelled", hold: "RELEASED" });
  });
});

describe("[G6] with a client key", () => {
  const SECRET = "acquisition of Initech";
  const seal = async (id: string, field: "payload" | "patch" = "payload") => {
    const key = await importEnvelopeKey(Buffer.alloc(32, 7).toString("base64url"));
    const binding = { projectId: world.projectId, requestId: id, field } as const;
    return sealEnvelope({ description: SECRET }, binding, key);
  };

  it("the details are sealed for the place they stand in, and what is judged is not", async () => {
    const body = newPurchase();
    const details = await seal(body.id);
    const { status, body: purchase } = await post({ ...body, details, encrypted: true });
    expect(status).toBe(201);
    expect(purchase).toMatchObject({ encrypted: true, details, amount: EUR(1_250) });
    expect(await requestOf(body.id)).toMatchObject({ encrypted: true, payload: details });
    const patched_payload = await seal(body.id, "patch");
    const edit = { decision: "approve", revision: 1, patched_payload };
    expect(codeOf(await world.decide(body.id, edit))).toBe("PATCH_INVALID");
    expect((await approve(body.id)).status).toBe(200);
    expect(world.logLines.join("")).not.toContain(SECRET);
  });

  it("an envelope of another purchase, one that nothing marks, or plain text is refused", async () => {
    const body = newPurchase();
    const elsewhere = await seal(newPurchase().id);
    const here = await seal(body.id);
    for (const fields of [
      { details: elsewhere, encrypted: true },
      { details: here },
      { details: { description: "plain" }, encrypted: true },
      { details: undefined, encrypted: true },
    ]) {
      expect(codeOf(await post({ ...body, ...fields }))).toBe("ENVELOPE_INVALID");
    }
    expect(codeOf(await world.call("GET", `/v1/purchases/${body.id}`, { as: "agent" }))).toBe(
      "PURCHASE_NOT_FOUND",
    );
  });
});

describe("a payment of an HTTP 402 challenge", () => {
  const x402 = {
    network: "eip155:8453",
    asset: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913",
    pay_to: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
    resource_url: "https://api.example.com/data",
    asset_amount: "1",
    scheme: "exact",
    digest: `sha256:${"a".repeat(64)}`,
  };
  const amount = { amount_minor: 1, currency: "USDC" };

  it("is paid to whom the challenge names, to the millionth, as it stands", async () => {
    const { payee: _payee, ...body } = newPurchase({ amount, x402 });
    const made = await post(body);
    expect(made.body).toMatchObject({ amount, x402, payee: x402.pay_to, status: "pending" });
    expect(await requestOf(made.body.id)).toMatchObject({
      action: "x402",
      payload: { amount: "0.000001", payee: x402.pay_to, x402 },
      schema: { properties: { amount: { const: "0.000001" } } },
    });
    expect((await approve(made.body.id)).status).toBe(200);
  });

  it("is refused for another payee", async () => {
    const reply = await post(newPurchase({ amount, x402, payee: "mallory" }));
    expect(codeOf(reply)).toBe("VALIDATION_FAILED");
    expect(issuesOf(reply)).toEqual(["/payee"]);
  });
});

describe("bad input reserves nothing", () => {
  it.each([
    ["a negative amount", { amount: EUR(-1) }, "/amount/amount_minor"],
    ["nothing", { amount: EUR(0) }, "/amount/amount_minor"],
    ["a float", { amount: EUR(12.5) }, "/amount/amount_minor"],
    [
      "decimal text",
      { amount: { amount_minor: "12.50", currency: "EUR" } },
      "/amount/amount_minor",
    ],
    ["no number", { amount: { amount_minor: null, currency: "EUR" } }, "/amount/amount_minor"],
    ["too much", { amount: EUR(1_000_000_000_000_000) }, "/amount/amount_minor"],
    ["an unknown currency", { amount: { amount_minor: 1, currency: "XTS" } }, "/amount/currency"],
    [
      "a currency in small letters",
      { amount: { amount_minor: 1, currency: "eur" } },
      "/amount/currency",
    ],
    ["a category in words", { category: "Office Supplies" }, "/category"],
    ["unknown details", { details: { note: "x" } }, "/details/note"],
    ["details of another type", { details: { description: 5 } }, "/details/description"],
    ["a text that is too long", { details: { comment: "x".repeat(2_001) } }, "/details/comment"],
    ["an unknown field", { priority: "high" }, "/priority"],
  ])("%s", async (_name, fields, path) => {
    const reply = await post(newPurchase(fields));
    expect(codeOf(reply)).toBe("VALIDATION_FAILED");
    expect(issuesOf(reply)).toContain(path);
    const budgets = await world.call("GET", "/v1/budgets", { as: "admin" });
    expect(budgets.body.data).toEqual([]);
  });

  it("a currency that the policy does not count in is refused by it", async () => {
    await setPolicy(POLICY);
    const purchase = await world.buy({ amount: { amount_minor: 1, currency: "USD" } });
    expect(purchase).toMatchObject({ status: "rejected", hold: "NONE" });
  });

  it.each([
    [{ success: true, actual_amount: EUR(0) }],
    [{ success: true, actual_amount: EUR(1.5) }],
    [{ success: true, actual_amount: { amount_minor: 1, currency: "USD" } }],
    [{ success: false, actual_amount: EUR(1) }],
    [{ success: "yes" }],
    [{ success: true, receipt_url: "javascript:alert(1)" }],
  ])("a confirmation that says %j", async (body) => {
    const { id } = await world.buyApproved();
    expect(codeOf(await confirm(id, body))).toBe("VALIDATION_FAILED");
    expect(await read(id)).toMatchObject({ hold: "HELD" });
  });
});
