import type { SpendPolicy, WebhookEvent, WebhookHandler } from "@holdpoint/sdk";
import { type SpendTool, spendTools } from "@holdpoint/sdk/adapter";
import { describe, expect, test } from "vitest";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { addEndpoint, serveHandler } from "../harness/webhooks.js";

const encryptionKey = Buffer.alloc(32, 7).toString("base64url");
const asked = { amount: "12.50", currency: "EUR", category: "cloud" } as const;

async function change(holdpoint: ServedControlPlane, method: string, path: string, body: object) {
  const answer = await holdpoint.operate(path, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
}

/** A control plane with a policy and a budget of 100.00 EUR for the whole project. */
async function serveLimited(policy: Omit<SpendPolicy, "currency">, options: object = {}) {
  const holdpoint = await serveControlPlane(options);
  await change(holdpoint, "POST", "/v1/spend-policies", { policy: { currency: "EUR", ...policy } });
  const budget = { scope: "project", currency: "EUR", amount_minor: 10_000 };
  await change(holdpoint, "PUT", "/v1/budgets", budget);
  return holdpoint;
}

const waveThrough = { auto_approve: { enabled: true, max_amount: "50.00" } } as const;

describe("within limits", () => {
  test.each([
    ["in clear", {}],
    ["encrypted", { encryptionKey }],
  ])(
    "%s: approved by policy at once, paid once, confirmed, seen in the budget",
    async (_, options) => {
      await using holdpoint = await serveLimited(waveThrough);
      const { spend } = holdpoint.client(options);
      const { purchase } = await spend.guard({ ...asked, idempotencyKey: "k" }, (approved) => {
        expect(approved).toMatchObject({
          status: "auto_approved",
          approvedAmount: "12.50",
          budgetRemaining: "87.50",
          decidedBy: { type: "policy" },
        });
        return { actualAmount: 1_199n };
      });
      expect(purchase).toMatchObject({ status: "completed", budgetRemaining: "88.01" });
      const project = { scope: "project", currency: "EUR", allocated: "100.00", spent: "11.99" };
      expect(await spend.budget()).toContainEqual(
        expect.objectContaining({ ...project, held: "0.00", available: "88.01" }),
      );
    },
  );

  test("a refusal is a value, with the checks that failed and their numbers", async () => {
    await using holdpoint = await serveLimited({ ...waveThrough, per_request_limit: "10.00" });
    const { spend } = holdpoint.client();
    const { status, hold, policyCheck } = await spend.purchase(asked);
    expect({ status, hold, passed: policyCheck.passed }).toEqual({
      status: "rejected",
      hold: "NONE",
      passed: false,
    });
    expect(policyCheck.checks.filter(({ result }) => result === "fail")).toMatchObject([
      { rule: "per_request_limit", scope: "project", detail: expect.stringContaining("10.00") },
    ]);
  });

  test("the agent reads what binds it", async () => {
    await using holdpoint = await serveLimited({ allowed_categories: ["cloud", "data"] });
    const { spend } = holdpoint.client();
    expect(await spend.policy()).toMatchObject([
      { scope: "project", revision: 1, policy: { allowed_categories: ["cloud", "data"] } },
    ]);
    expect((await spend.policy())[0]?.summary.length).toBeGreaterThan(0);
    expect(await spend.categories()).toEqual(["cloud", "data"]);
    await using open = await serveControlPlane();
    const { spend: free } = open.client();
    expect([await free.policy(), await free.budget()]).toEqual([[], []]);
    expect(await free.categories()).toContain("other");
  });

  test("[G8] a hundred guarded payments at once stop at the budget, to the minor unit", async () => {
    await using holdpoint = await serveLimited(waveThrough);
    const { spend } = holdpoint.client();
    let paid = 0;
    const pay = ({ approvedAmount }: { readonly approvedAmount: string }) => {
      paid += Number(approvedAmount) * 100;
      return { actualAmount: approvedAmount };
    };
    const payments = Array.from({ length: 100 }, (_, index) =>
      spend.guard({ ...asked, amount: "3.00", idempotencyKey: `order-${index}` }, pay),
    );
    const ended = await Promise.allSettled(payments);
    expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(33);
    expect(paid).toBe(9_900);
    const codes = ended.flatMap((each) => (each.status === "rejected" ? [each.reason.code] : []));
    expect(new Set(codes)).toEqual(new Set(["PURCHASE_REJECTED"]));
  });
});

describe("[S-TOOL] a model with the four tools", () => {
  const namesOf = (tools: readonly SpendTool[]) => tools.map(({ name }) => name);

  test("[S-TOOL] requests, waits for a person, pays, confirms, and knows what is left", async () => {
    await using holdpoint = await serveLimited({});
    const tools = spendTools(holdpoint.client(), { waitMs: 10_000 });
    expect(namesOf(tools)).toEqual([
      "request_purchase",
      "check_purchase",
      "confirm_purchase",
      "check_budget",
    ]);
    const [request, check, confirm, budget] = tools as [SpendTool, SpendTool, SpendTool, SpendTool];
    const waiting = await request.run(
      { ...asked, description: "One GPU." },
      { idempotencyKey: "1" },
    );
    expect(waiting).toMatch(/^WAIT: a person has to decide on 12\.50 EUR \(cloud\) first\./);
    const request_id = /req_[0-9a-z]{26}/.exec(waiting)?.[0] as string;
    expect(await request.run({ ...asked, description: "One GPU." }, { idempotencyKey: "1" })).toBe(
      waiting,
    );
    const checked = check.run({ request_id });
    await holdpoint.decide(request_id, { decision: "approve" });
    expect(await checked).toMatch(/^APPROVED: pay at most 12\.50 EUR \(cloud\), once\./);
    expect(await confirm.run({ request_id, success: true, actual_amount: "12.51" })).toMatch(
      /^ERROR: this is not confirmed\.\n.*AMOUNT_ABOVE_APPROVED/,
    );
    expect(await confirm.run({ request_id, success: true, actual_amount: "11.99" })).toMatch(
      /^CONFIRMED: req_\w+ is recorded as paid: 11\.99 EUR\./,
    );
    expect(await check.run({ request_id })).toMatch(/^STOP: .* is paid and confirmed: 11\.99 EUR/);
    expect(await budget.run({})).toContain("- project: 88.01 of 100.00 EUR left");
  });

  test("[S-TOOL] is told to stop, by a policy and by a person", async () => {
    await using holdpoint = await serveLimited({ blocked_categories: ["food"] });
    const [request, check] = spendTools(holdpoint.client()) as [SpendTool, SpendTool];
    const blocked = await request.run({ ...asked, category: "food" });
    expect(blocked).toMatch(/^STOP: 12\.50 EUR \(food\) was refused\. Do not pay\.\n- category/);
    expect(blocked).not.toContain("The person's reason");
    const id = /req_[0-9a-z]{26}/.exec(await request.run(asked))?.[0] as string;
    await holdpoint.decide(id, { decision: "reject", reason: "Not today." });
    expect(await check.run({ request_id: id })).toContain("The person's reason: Not today.");
    expect(await check.run({ request_id: "req_1" })).toMatch(/^ERROR: .*\n.*request id/);
  });
});

test("webhooks tell of a purchase's money and of one approval of several", async () => {
  const policy = { approval_threshold: { amount: "10.00", quorum: 2 } };
  await using holdpoint = await serveLimited(policy, { allowLoopbackWebhooks: true });
  const hp = holdpoint.client({ encryptionKey });
  const events: WebhookEvent[] = [];
  let handle: WebhookHandler = async () => new Response(null, { status: 503 });
  await using app = await serveHandler((request) => handle(request));
  const { secret } = await addEndpoint(holdpoint, app.url, [
    "request.endorsed",
    "purchase.reserved",
    "purchase.released",
  ]);
  handle = hp.webhooks.handler({ secret, on: (event) => events.push(event) });
  const { requestId, quorum } = await hp.spend.purchase({ ...asked, payee: "acme.example" });
  expect(quorum).toBe(2);
  await holdpoint.decide(requestId, { decision: "approve" });
  await hp.requests.cancel(requestId);
  await expect.poll(() => events.length, { timeout: 30_000 }).toBe(3);
  const moved = { amount: "12.50", currency: "EUR", category: "cloud", payee: "acme.example" };
  const told = [...events].sort((one, other) => one.type.localeCompare(other.type));
  expect(told).toMatchObject([
    { type: "purchase.released", purchase: { ...moved, late: false } },
    { type: "purchase.reserved", purchase: { ...moved, late: false } },
    { type: "request.endorsed", actor: { type: "operator" }, request: { id: requestId } },
  ]);
});
