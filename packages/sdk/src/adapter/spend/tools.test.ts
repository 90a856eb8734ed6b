import { describe, expect, test } from "vitest";
import { Holdpoint } from "../../holdpoint.js";
import { API_KEY, BASE_URL, problem, REQUEST_ID, wirePurchase } from "../../test-kit/fixtures.js";
import { type Reply, type SentCall, scriptFetch, silence } from "../../test-kit/scripted-fetch.js";
import { type SpendToolsOptions, spendTools } from "./tools.js";

function connect(reply: Reply, options: SpendToolsOptions = {}) {
  const { calls, fetch } = scriptFetch(reply);
  const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch, maxRetries: 0 });
  const tools = spendTools(hp, { waitMs: 0, ...options });
  const [request, check, confirm, budget] = tools;
  if (!request || !check || !confirm || !budget) throw new Error("Expected four tools.");
  const kinds = tools.map(({ kind }) => kind);
  return { calls, kinds, request, check, confirm, budget, bodies: () => calls.map(bodyOf) };
}

function bodyOf({ body }: SentCall): unknown {
  return body === undefined ? undefined : JSON.parse(body);
}

/** Answers with the purchase that was asked for, as it might stand. */
function standing(...[status, more]: Parameters<typeof wirePurchase>) {
  return ({ body, url }: SentCall) => {
    const { id = url.pathname.split("/")[3], merchant_name } = JSON.parse(body ?? "{}");
    const said = merchant_name && { merchant_name };
    return Response.json(wirePurchase(status, { id, ...said, ...more }));
  };
}

const asked = { amount: "12.50", currency: "EUR", category: "cloud", merchant_name: "ACME" };

/** Ids of new requests are drawn anew each time. */
const shown = (text: string) => text.replace(/req_[0-9a-z]{26}/g, "req_…");

describe("[S-TOOL] what a model reads of a purchase", () => {
  test("[S-TOOL] APPROVED, with how much, and what to do afterwards", async () => {
    const { request, bodies } = connect(standing("auto_approved"));
    expect(shown(await request.run(asked))).toMatchInlineSnapshot(`
      "APPROVED: pay at most 12.50 EUR at ACME (cloud), once. The request is req_….
      Afterwards call confirm_purchase with this request_id: with what was paid, or that nothing was.
      Left in the budget: 87.50 EUR."
    `);
    expect(bodies()).toMatchObject([
      { amount: { amount_minor: 1250, currency: "EUR" }, category: "cloud", merchant_name: "ACME" },
    ]);
  });

  test("[S-TOOL] APPROVED with the lower amount of the person, and their words", async () => {
    const lowered = { approved_amount: { amount_minor: 900, currency: "EUR" }, reason: "Half." };
    const { check } = connect(standing("approved", lowered));
    expect(await check.run({ request_id: REQUEST_ID })).toMatchInlineSnapshot(`
      "APPROVED: pay at most 9.00 EUR (cloud), once. The request is req_01h455vb4pex5vsknk084sn02q.
      A person lowered it from 12.50 to 9.00 EUR: do not pay more than that.
      The person's comment: Half.
      Afterwards call confirm_purchase with this request_id: with what was paid, or that nothing was.
      Left in the budget: 87.50 EUR."
    `);
  });

  test("[S-TOOL] WAIT, with where it is decided", async () => {
    const { request } = connect(standing("pending"));
    expect(shown(await request.run(asked))).toMatchInlineSnapshot(`
      "WAIT: a person has to decide on 12.50 EUR at ACME (cloud) first. Do not pay yet. The request is req_….
      It is decided at http://control-plane.test/requests/req_…, until 2026-11-22T10:00:00.000Z.
      Do not request it again. Call check_purchase with this request_id for the answer, or tell the user that it waits for approval."
    `);
  });

  test("[S-TOOL] STOP, with the checks that failed and the reason", async () => {
    const check = {
      rule: "daily_limit",
      scope: "agent",
      result: "fail",
      detail: "95.00 + 12.50 of 100.00 EUR today",
    } as const;
    const { request } = connect(
      standing("rejected", { policy_check: { passed: false, checks: [check] } }),
    );
    expect(shown(await request.run(asked))).toMatchInlineSnapshot(`
      "STOP: 12.50 EUR at ACME (cloud) was refused. Do not pay.
      - daily_limit (agent): 95.00 + 12.50 of 100.00 EUR today
      Do not request this purchase again, in this or another form, whole or in parts. Go on without it, or tell the user what was refused and why."
    `);
  });

  test("[S-TOOL] STOP, once it is over in any way", async () => {
    const texts = await Promise.all(
      (["expired", "cancelled", "completed", "failed"] as const).map((status) =>
        connect(standing(status)).check.run({ request_id: REQUEST_ID }),
      ),
    );
    expect(texts.map((text) => text.split("\n")[0])).toMatchInlineSnapshot(`
      [
        "STOP: nobody decided on 12.50 EUR (cloud) in time, which counts as no. Do not pay.",
        "STOP: 12.50 EUR (cloud) was called off. Do not pay.",
        "STOP: req_01h455vb4pex5vsknk084sn02q is paid and confirmed. Do not pay again.",
        "STOP: req_01h455vb4pex5vsknk084sn02q ended without a payment. Do not pay under it. To pay after all, call request_purchase anew.",
      ]
    `);
  });

  test("[S-TOOL] CONFIRMED, with what was paid or that nothing was", async () => {
    const actual_amount = { amount_minor: 1199, currency: "EUR" };
    const paid = connect(standing("completed", { actual_amount }));
    const said = { request_id: REQUEST_ID, success: true, actual_amount: "11.99" };
    expect(await paid.confirm.run({ ...said, external_id: "ch_1" })).toMatchInlineSnapshot(`
      "CONFIRMED: req_01h455vb4pex5vsknk084sn02q is recorded as paid: 11.99 EUR. There is nothing more to do.
      Left in the budget: 87.50 EUR."
    `);
    expect(paid.bodies().at(-1)).toEqual({ success: true, actual_amount, external_id: "ch_1" });
    const unpaid = connect(standing("failed"));
    const nothing = { request_id: REQUEST_ID, success: false, actual_amount: null };
    expect(await unpaid.confirm.run(nothing)).toMatchInlineSnapshot(`
      "CONFIRMED: req_01h455vb4pex5vsknk084sn02q is recorded as not paid, and its money is free again. Do not pay under it.
      Left in the budget: 87.50 EUR."
    `);
    expect(unpaid.bodies()).toEqual([{ success: false }]);
  });

  test("[S-TOOL] BUDGET, with what is left, the rules and the categories", async () => {
    const eur = (amount_minor: number) => ({ amount_minor, currency: "EUR" });
    const { budget } = connect(({ url }) =>
      Response.json({
        next_cursor: null,
        data: url.pathname.endsWith("budgets")
          ? [
              {
                id: "bgt_01h455vb4pex5vsknk084sn02q",
                scope: "agent",
                currency: "EUR",
                allocated: eur(10_000),
                held: eur(250),
                spent: eur(1_000),
                available_minor: 8_750,
                updated_at: "2026-11-22T09:30:00.000Z",
              },
            ]
          : [
              {
                id: "spp_01h455vb4pex5vsknk084sn02q",
                scope: "project",
                revision: 1,
                policy: { currency: "EUR", allowed_categories: ["cloud"] },
                summary: ["Only cloud."],
                warnings: [],
                created_at: "2026-11-22T09:30:00.000Z",
                created_by: { type: "operator", id: "usr_1" },
              },
            ],
      }),
    );
    expect(await budget.run({})).toMatchInlineSnapshot(`
      "BUDGET: a purchase has to fit all of these.
      - agent: 87.50 of 100.00 EUR left (10.00 spent, 2.50 held)
      - project: Only cloud.
      Categories: cloud."
    `);
  });
});

describe("[S-TOOL] what a model reads when it goes wrong", () => {
  test.each([
    ["an amount as a number", { ...asked, amount: 12.5 }],
    ["an amount with an exponent", { ...asked, amount: "1e3" }],
    ["a currency that is none", { ...asked, currency: "EURO" }],
    ["something missing", { amount: "1" }],
    ["something it does not know", { ...asked, id: "mine" }],
    ["no object", "12.50 EUR"],
  ])("[S-TOOL] ERROR for %s, with what was expected; nothing is sent", async (_name, args) => {
    const { request, calls } = connect(standing("auto_approved"));
    const text = await request.run(args);
    expect(text).toMatch(/^ERROR: no purchase was made, so do not pay\.\n/);
    expect(text).toMatch(/What to do: correct the input \(.*Expected/);
    expect(calls).toHaveLength(0);
  });

  test("[S-TOOL] [G4] ERROR, and no approval, for an answer that makes no sense", async () => {
    const { request } = connect(standing("granted" as "approved"));
    expect(shown(await request.run(asked))).toMatch(/^ERROR: no purchase was made/);
  });

  test("[S-TOOL] ERROR, with the difference as a purchase of its own", async () => {
    const { confirm } = connect(problem(409, "AMOUNT_ABOVE_APPROVED"));
    const text = await confirm.run({ request_id: REQUEST_ID, success: true });
    expect(text.split("\n").at(-1)).toMatchInlineSnapshot(
      `"What to do: request the difference as a purchase of its own with request_purchase, and tell the user that more was paid than was approved."`,
    );
  });

  test("[S-TOOL] an abort is thrown, unchanged", async () => {
    const controller = new AbortController();
    const { check } = connect(silence);
    const running = check.run({ request_id: REQUEST_ID }, { signal: controller.signal });
    const reason = new Error("left");
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });
});

test("[S-TOOL] names can be changed, and the texts use them", async () => {
  const { request, check } = connect(standing("pending"), { names: { check: "look" } });
  expect([request.name, check.name]).toEqual(["request_purchase", "look"]);
  expect(await request.run(asked)).toContain("Call look with this request_id");
});

test("[S-ONCE] a call of a model is one purchase in its run, whoever makes it again", async () => {
  const one = connect(standing("pending"), { runId: "run-1" });
  const other = connect(standing("pending"));
  await one.request.run(asked, { toolCallId: "call-1" });
  await one.request.run(asked, { toolCallId: "call-1", runId: "run-2" });
  await one.request.run(asked, { toolCallId: "call-2" });
  await one.request.run(asked);
  await other.request.run(asked, { toolCallId: "call-1", runId: "run-1" });
  await other.request.run(asked, { toolCallId: "call-1" });
  await other.request.run(asked, { toolCallId: "call-1" });
  const bodies = [...one.bodies(), ...other.bodies()] as { id: string; run_id?: string }[];
  const [first, ...ids] = bodies.map(({ id }) => id);
  expect(new Set(ids.slice(0, 3))).not.toContain(first);
  expect(ids[3]).toBe(first);
  // Without a name for the run: one of these tools' own.
  expect(ids[4]).not.toBe(first);
  expect(ids[5]).toBe(ids[4]);
  expect(bodies.map(({ run_id }) => run_id)).toEqual([
    ...["run-1", "run-2", "run-1", "run-1", "run-1"],
    ...[undefined, undefined],
  ]);
});

test("the program is given what the text is made of", async () => {
  const { request, budget, kinds } = connect(standing("rejected"));
  expect(kinds).toEqual(["request", "check", "confirm", "budget"]);
  expect((await request.answer(asked)).purchase).toMatchObject({ status: "rejected" });
  expect((await request.answer({})).error).toMatchObject({ code: "VALIDATION_FAILED" });
  expect((await budget.answer({})).error).toMatchObject({ code: "RESPONSE_INVALID" });
});

test("[S-ONCE] the same key is one purchase", async () => {
  const { request, bodies } = connect(standing("pending"));
  for (const key of ["call-1", "call-1", "call-2"]) {
    await request.run(asked, { idempotencyKey: key });
  }
  const [first, second, third] = bodies().map((body) => (body as { id: string }).id);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test("the schemas are closed, and say what is needed", () => {
  const { request, check, confirm, budget } = connect(standing("pending"));
  for (const { inputSchema } of [request, check, confirm, budget]) {
    expect(inputSchema).toMatchObject({ type: "object", additionalProperties: false });
  }
  expect(request.inputSchema.required).toEqual(["amount", "currency", "category"]);
});
