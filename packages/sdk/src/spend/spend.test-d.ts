import { expectTypeOf, test } from "vitest";
import type { Holdpoint, PaidPurchase, Purchase } from "../index.js";

declare const hp: Holdpoint;
const asked = { amount: "12.50", currency: "EUR", category: "cloud" } as const;
const keyed = { ...asked, idempotencyKey: "order-7" };

test("amounts are texts or bigints, never numbers", () => {
  expectTypeOf(hp.spend.purchase).toBeCallableWith({ ...asked, amount: 1_250n });
  // @ts-expect-error a number holds money inexactly
  void hp.spend.purchase({ ...asked, amount: 12.5 });
  // @ts-expect-error as it does here
  void hp.spend.confirm("req_1", { success: true, actualAmount: 12.5 });
  // @ts-expect-error and here
  void hp.spend.guard(keyed, () => ({ actualAmount: 12.5 }));
});

test("a purchase tells where it stands, and its amounts are texts", async () => {
  const purchase = await hp.spend.purchase(asked);
  expectTypeOf(purchase).toEqualTypeOf<Purchase>();
  expectTypeOf(purchase.status).toEqualTypeOf<
    | "pending"
    | "auto_approved"
    | "approved"
    | "rejected"
    | "expired"
    | "cancelled"
    | "completed"
    | "failed"
  >();
  expectTypeOf(purchase.approvedAmount).toEqualTypeOf<string | undefined>();
  expectTypeOf(purchase.budgetRemaining).toEqualTypeOf<string | null>();
  expectTypeOf(purchase.policyCheck.checks[0]?.rule).not.toBeAny();
});

test("what was not paid has no amount", () => {
  void hp.spend.confirm("req_1", { success: false });
  // @ts-expect-error nothing was paid
  void hp.spend.confirm("req_1", { success: false, actualAmount: "1" });
});

test("what is paid once has a name, and gives what the payment gave", async () => {
  // @ts-expect-error a restarted process would not find it
  void hp.spend.guard(asked, () => ({ actualAmount: "1" }));
  const paid = await hp.spend.guard(keyed, async (purchase, { idempotencyKey, signal }) => {
    expectTypeOf(purchase.approvedAmount).toBeString();
    expectTypeOf(idempotencyKey).toBeString();
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    return { actualAmount: purchase.approvedAmount, result: { charge: "ch_1" } };
  });
  expectTypeOf(paid).toEqualTypeOf<PaidPurchase<{ charge: string }>>();
  // @ts-expect-error it has to say what was paid
  void hp.spend.guard(keyed, () => ({ result: 1 }));
});
