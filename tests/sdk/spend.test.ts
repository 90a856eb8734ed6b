import {
  ConflictError,
  ExecutionFailedError,
  type GuardPurchaseOptions,
  type Holdpoint,
  IdempotencyConflictError,
  NotPaidError,
  OutcomeUnknownError,
  type Payment,
  type PaymentContext,
  type Purchase,
  PurchaseRejectedError,
  ValidationError,
} from "@holdpoint/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";

const encryptionKey = Buffer.alloc(32, 7).toString("base64url");

type Decide = Parameters<ServedControlPlane["decide"]>[1];

let holdpoint: ServedControlPlane;
beforeAll(async () => {
  holdpoint = await serveControlPlane();
});
afterAll(() => holdpoint[Symbol.asyncDispose]());

const asked = {
  amount: "12.50",
  currency: "EUR",
  category: "cloud",
  merchantName: "ACME",
  payee: "acme.example",
  description: "One GPU for a day.",
  comment: "The run needs it.",
  metadata: { ticket: "T-1" },
} as const;

/** What the money of this project is doing, in minor units. */
async function moneyOf(hp: Holdpoint, requestId: string) {
  const { status, hold, actualAmount } = await hp.spend.get(requestId);
  return { status, hold, actualAmount };
}

type Options = Partial<Pick<GuardPurchaseOptions, "idempotent" | "onPending">>;

interface Scenario extends Options {
  readonly hp?: Holdpoint;
  /** Default: a person approves. */
  readonly decision?: Decide;
  readonly pay?: (purchase: Purchase, context: PaymentContext) => unknown;
}

/** A guarded payment under a key, what was paid, and what a person had to decide. */
function guardPayment(key: string, scenario: Scenario = {}) {
  const { hp = holdpoint.client(), decision = { decision: "approve" }, pay, ...more } = scenario;
  const payments: { readonly amount: string; readonly key: string }[] = [];
  const pending: string[] = [];
  const options = {
    ...asked,
    idempotencyKey: key,
    onPending({ requestId }: Purchase) {
      pending.push(requestId);
      void holdpoint.decide(requestId, decision);
    },
    ...more,
  } as GuardPurchaseOptions;
  const run = (signal?: AbortSignal) =>
    hp.spend.guard<unknown>(
      options,
      (purchase, context) => {
        payments.push({ amount: purchase.approvedAmount, key: context.idempotencyKey });
        const paid = pay
          ? pay(purchase, context)
          : { actualAmount: "11.99", result: { charge: "ch_1" } };
        return paid as Payment;
      },
      signal && { signal },
    );
  return { run, payments, pending, hp };
}

describe("a purchase", () => {
  test.each([
    ["in clear", {}],
    ["encrypted", { encryptionKey }],
  ])("%s: reserved, decided by a person, found again, confirmed", async (_name, options) => {
    const hp = holdpoint.client(options);
    const purchase = await hp.spend.purchase({ ...asked, amount: 1_250n });
    expect(purchase).toMatchObject({
      ...asked,
      status: "pending",
      hold: "HELD",
    });
    const waiting = hp.spend.wait(purchase.requestId);
    await holdpoint.decide(purchase.requestId, { decision: "approve", reason: "Go." });
    expect(await waiting).toMatchObject({
      ...asked,
      status: "approved",
      approvedAmount: "12.50",
      reason: "Go.",
      decidedBy: { type: "operator" },
    });
    const confirmed = await hp.spend.confirm(purchase.requestId, {
      success: true,
      actualAmount: "11.99",
      externalId: "ch_1",
    });
    expect(confirmed).toMatchObject({
      status: "completed",
      actualAmount: "11.99",
      externalId: "ch_1",
    });
    expect((await hp.spend.list({ status: "completed" })).data).toContainEqual(
      expect.objectContaining({ requestId: purchase.requestId, actualAmount: "11.99" }),
    );
    // A purchase is a request: whoever has its id reads it, waits for it, sees its payload.
    expect(await hp.wait(purchase.requestId)).toMatchObject({ approved: true });
  });

  test("[G6] the words of an encrypted one reach the server as ciphertext only", async () => {
    const hp = holdpoint.client({ encryptionKey });
    const { requestId } = await hp.spend.purchase(asked);
    const seen = await (await holdpoint.operate(`/v1/requests/${requestId}`)).text();
    expect(seen).not.toMatch(/GPU|T-1|needs it/);
    expect(seen).toContain("ciphertext");
  });

  test("[P-SPEND-APPROVAL] a person lowers the amount, and that is what may be paid", async () => {
    const { spend } = holdpoint.client();
    const { requestId } = await spend.purchase(asked);
    const { amount: _, ...same } = await payloadOf(requestId);
    const patched_payload = { ...same, amount: "9.00" };
    await holdpoint.decide(requestId, { decision: "approve", patched_payload });
    const approved = await spend.wait(requestId);
    expect(approved).toMatchObject({ amount: "12.50", approvedAmount: "9.00" });
    const above = spend.confirm(approved, { success: true, actualAmount: "9.01" });
    await expect(above).rejects.toBeInstanceOf(ConflictError);
    await expect(above).rejects.toMatchObject({ code: "AMOUNT_ABOVE_APPROVED", requestId });
    expect(await spend.confirm(approved, { success: true })).toMatchObject({
      actualAmount: "9.00",
    });
  });

  test("[P-SPEND-CONFIRM] confirmed twice alike is once; otherwise a conflict", async () => {
    const { spend } = holdpoint.client();
    const { requestId } = await spend.purchase(asked);
    const early = spend.confirm(requestId, { success: true });
    await expect(early).rejects.toMatchObject({ code: "PURCHASE_NOT_APPROVED" });
    await holdpoint.decide(requestId, { decision: "approve" });
    const outcome = { success: true, actualAmount: "12.00" } as const;
    const both = await Promise.all([1, 2].map(() => spend.confirm(requestId, outcome)));
    expect(both).toMatchObject([{ actualAmount: "12.00" }, { actualAmount: "12.00" }]);
    const other = spend.confirm(requestId, { success: true, actualAmount: "11.00" });
    await expect(other).rejects.toMatchObject({ code: "PURCHASE_SETTLED" });
  });

  test("that nothing was paid gives the money back", async () => {
    const { spend } = holdpoint.client();
    const { requestId } = await spend.purchase(asked);
    await holdpoint.decide(requestId, { decision: "approve" });
    const confirmed = await spend.confirm(requestId, { success: false });
    expect(confirmed).toMatchObject({ status: "failed", hold: "RELEASED" });
  });

  test.each([
    ["in clear", {}],
    ["encrypted", { encryptionKey }],
  ])("[S-ONCE] %s: asked fifty times under one key it is one purchase", async (name, options) => {
    const hp = holdpoint.client(options);
    const keyed = { ...asked, idempotencyKey: `fifty ${name}` };
    const all = await Promise.all(Array.from({ length: 50 }, () => hp.spend.purchase(keyed)));
    expect(new Set(all.map(({ requestId }) => requestId)).size).toBe(1);
    const other = hp.spend.purchase({ ...keyed, amount: "12.51" });
    await expect(other).rejects.toBeInstanceOf(IdempotencyConflictError);
    const stranger = hp.spend.purchase({ ...keyed, payee: "evil.example" });
    await expect(stranger).rejects.toBeInstanceOf(IdempotencyConflictError);
  });

  test("after an edit of the description the same key finds it", async () => {
    const { spend } = holdpoint.client();
    const keyed = { ...asked, idempotencyKey: "edited" };
    const { requestId } = await spend.purchase(keyed);
    const patched_payload = { ...(await payloadOf(requestId)), description: "Half a GPU." };
    await holdpoint.decide(requestId, { decision: "approve", patched_payload });
    expect(await spend.purchase(keyed)).toMatchObject({
      requestId,
      status: "approved",
      description: "Half a GPU.",
    });
  });
});

describe("spend.guard", () => {
  test.each([
    ["in clear", {}],
    ["encrypted", { encryptionKey }],
  ])("[G2] %s: pays once, confirms what was paid, and finds it again", async (name, options) => {
    const { run, payments, pending } = guardPayment(`once ${name}`, {
      hp: holdpoint.client(options),
    });
    const paid = await run();
    const [requestId] = pending as [string];
    expect(paid).toMatchObject({
      purchase: { requestId, status: "completed", actualAmount: "11.99" },
      result: { charge: "ch_1" },
    });
    expect(await run()).toMatchObject(paid);
    expect(payments).toEqual([{ amount: "12.50", key: requestId }]);
    expect(pending).toHaveLength(1);
  });

  test("[P-SPEND-APPROVAL] pays the amount a person has lowered it to", async () => {
    const hp = holdpoint.client();
    const { run, payments } = guardPayment("lowered", {
      hp,
      async onPending({ requestId }) {
        const patched_payload = { ...(await payloadOf(requestId)), amount: "5.0" };
        await holdpoint.decide(requestId, { decision: "approve", patched_payload });
      },
      pay: ({ approvedAmount }) => ({ actualAmount: approvedAmount }),
    });
    expect(await run()).toMatchObject({ purchase: { actualAmount: "5.00" }, result: undefined });
    expect(payments).toMatchObject([{ amount: "5.00" }]);
  });

  test("[G4] a rejection pays nothing, and carries the purchase", async () => {
    const decision = { decision: "reject", reason: "Too dear." } as const;
    const { run, payments } = guardPayment("rejected", { decision });
    for (const _ of [1, 2]) {
      const error = await run().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(PurchaseRejectedError);
      expect(error).toMatchObject({
        code: "PURCHASE_REJECTED",
        purchase: { status: "rejected", reason: "Too dear.", hold: "RELEASED" },
      });
    }
    expect(payments).toEqual([]);
  });

  test("[G4] one that the agent cancels pays nothing", async () => {
    const hp = holdpoint.client();
    const onPending = ({ requestId }: Purchase) => void hp.requests.cancel(requestId);
    const { run, payments } = guardPayment("cancelled", { hp, onPending });
    await expect(run()).rejects.toMatchObject({ purchase: { status: "cancelled" } });
    expect(payments).toEqual([]);
  });

  test("NotPaidError gives the money back, and is thrown on", async () => {
    const error = new NotPaidError({ message: "The card was declined." });
    const { run, payments, pending, hp } = guardPayment("declined", {
      pay: () => {
        throw error;
      },
    });
    await expect(run()).rejects.toBe(error);
    expect(await moneyOf(hp, pending[0] as string)).toEqual({ status: "failed", hold: "RELEASED" });
    const again = run();
    await expect(again).rejects.toBeInstanceOf(ExecutionFailedError);
    await expect(again).rejects.toMatchObject({
      recorded: { name: "NotPaidError", code: "PAYMENT_NOT_MADE" },
    });
    expect(payments).toHaveLength(1);
  });

  test("[P-SPEND-UNKNOWN] any other error leaves the money held, and pays no more", async () => {
    const cause = new Error("socket hang up");
    const { run, payments, pending, hp } = guardPayment("ambiguous", {
      pay: () => Promise.reject(cause),
    });
    const first = await run().catch((thrown: unknown) => thrown);
    expect(first).toBeInstanceOf(OutcomeUnknownError);
    expect(first).toMatchObject({ code: "OUTCOME_UNKNOWN", cause, requestId: pending[0] });
    await expect(run()).rejects.toBeInstanceOf(OutcomeUnknownError);
    expect(await moneyOf(hp, pending[0] as string)).toMatchObject({ hold: "HELD" });
    expect(payments).toHaveLength(1);
  });

  test.each([
    ["committed", { status: "completed", hold: "SETTLED", actualAmount: "12.50" }],
    ["failed", { status: "failed", hold: "RELEASED" }],
  ] as const)("[P-SPEND-UNKNOWN] whoever looks settles it as %s", async (outcome, money) => {
    const { run, payments, pending, hp } = guardPayment(`reconciled ${outcome}`, {
      pay: () => Promise.reject(new Error("socket hang up")),
    });
    await expect(run()).rejects.toBeInstanceOf(OutcomeUnknownError);
    const [requestId] = pending as [string];
    const unknown = (await run().catch((thrown: unknown) => thrown)) as OutcomeUnknownError;
    const execution = { id: unknown.executionId as string, requestId };
    await hp.executions.reconcile(execution, { outcome, evidence: { looked: "at the provider" } });
    expect(await moneyOf(hp, requestId)).toEqual(money);
    const again = run();
    if (outcome === "failed") await expect(again).rejects.toBeInstanceOf(ExecutionFailedError);
    else
      expect(await again).toMatchObject({ purchase: { status: "completed" }, result: undefined });
    expect(payments).toHaveLength(1);
  });

  test("what may be paid twice under one key is paid again after an unknown outcome", async () => {
    let isBroken = true;
    const { run, payments, pending } = guardPayment("idempotent", {
      idempotent: true,
      pay: () => {
        if (isBroken) throw new Error("socket hang up");
        return { actualAmount: "12.50" };
      },
    });
    await expect(run()).rejects.toBeInstanceOf(OutcomeUnknownError);
    isBroken = false;
    expect(await run()).toMatchObject({ purchase: { status: "completed" } });
    expect(payments.map(({ key }) => key)).toEqual([pending[0], pending[0]]);
  });

  test.each<[string, unknown]>([
    ["a number", { actualAmount: 11.99 }],
    ["nothing", undefined],
    ["less than nothing", { actualAmount: "-1" }],
  ])("paid, but said %s: not paid again, held, and confirmed by hand", async (name, returned) => {
    const { run, payments, pending, hp } = guardPayment(`said ${name}`, { pay: () => returned });
    for (const _ of [1, 2]) {
      const error = await run().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ValidationError);
      expect(error).toMatchObject({ code: "AMOUNT_INVALID", requestId: pending[0] });
    }
    const [requestId] = pending as [string];
    expect(await moneyOf(hp, requestId)).toMatchObject({ hold: "HELD" });
    await hp.spend.confirm(requestId, { success: true, actualAmount: "11.99" });
    expect(await run()).toMatchObject({ purchase: { actualAmount: "11.99" }, result: undefined });
    expect(payments).toHaveLength(1);
  });

  test("paid, but more than was approved: nothing is moved, and it says so each time", async () => {
    const { run, payments, pending, hp } = guardPayment("above", {
      pay: () => ({ actualAmount: "12.51" }),
    });
    for (const _ of [1, 2]) {
      await expect(run()).rejects.toMatchObject({ code: "AMOUNT_ABOVE_APPROVED" });
    }
    expect(await moneyOf(hp, pending[0] as string)).toMatchObject({ hold: "HELD" });
    expect(payments).toHaveLength(1);
  });

  test("a result that cannot be recorded does not keep the payment from being confirmed", async () => {
    const { run, payments, pending, hp } = guardPayment("huge", {
      pay: () => ({ actualAmount: "12.50", result: "x".repeat(300_000) }),
    });
    for (const _ of [1, 2])
      await expect(run()).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    expect(await moneyOf(hp, pending[0] as string)).toMatchObject({ actualAmount: "12.50" });
    expect(payments).toHaveLength(1);
  });

  test("[G2] twenty at once, in four clients, pay once and get one answer", async () => {
    const guards = Array.from({ length: 4 }, () => guardPayment("twenty", { onPending: () => {} }));
    const running = guards.flatMap(({ run }) => Array.from({ length: 5 }, () => run()));
    const { spend } = holdpoint.client();
    const { requestId } = await spend.purchase({ ...asked, idempotencyKey: "twenty" });
    await holdpoint.decide(requestId, { decision: "approve" });
    const all = await Promise.all(running);
    expect(new Set(all.map((each) => JSON.stringify(each.result))).size).toBe(1);
    expect(all.every(({ purchase }) => purchase.status === "completed")).toBe(true);
    expect(guards.flatMap(({ payments }) => payments)).toHaveLength(1);
  });

  test("aborted while it waits it throws the reason; the same key goes on later", async () => {
    const controller = new AbortController();
    const reason = new Error("left");
    const waiting = guardPayment("aborted", { onPending: () => controller.abort(reason) });
    await expect(waiting.run(controller.signal)).rejects.toBe(reason);
    const { run, payments } = guardPayment("aborted");
    expect(await run()).toMatchObject({ purchase: { status: "completed" } });
    expect([...waiting.payments, ...payments]).toHaveLength(1);
  });

  test("without a name for what is paid once, nothing is asked", async () => {
    const { spend } = holdpoint.client();
    const nameless = spend.guard(asked as never, () => ({ actualAmount: "1" }));
    await expect(nameless).rejects.toBeInstanceOf(ValidationError);
    await expect(nameless).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });
});

async function payloadOf(requestId: string): Promise<Record<string, unknown>> {
  const response = await holdpoint.operate(`/v1/requests/${requestId}`);
  const { payload } = (await response.json()) as { payload: Record<string, unknown> };
  return payload;
}
