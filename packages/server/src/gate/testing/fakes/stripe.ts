import type { JsonObject } from "@holdpoint/protocol";
import type { ServedCall } from "../service.js";
import { bearerOf, type Fake, type FakeAnswer } from "./fake.js";

const REASONS = new Set(["duplicate", "fraudulent", "requested_by_customer"]);
const FIELDS = /^(payment_intent|amount|reason|metadata\[[a-z_]+\])$/;

/** A payment that can be given back. */
interface Payment {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
}

/**
 * The refunds of one payment on Stripe, for one key. What was answered under an idempotency key is
 * answered again.
 *
 * @see https://docs.stripe.com/api/refunds, https://docs.stripe.com/api/idempotent_requests
 */
export function fakeStripe(
  key: string,
  payment: Payment,
): Fake & { readonly refunds: JsonObject[] } {
  const refunds: JsonObject[] = [];
  const answered = new Map<string, { readonly body: string; readonly answer: FakeAnswer }>();

  function refund(form: URLSearchParams): FakeAnswer {
    const unknown = [...form.keys()].find((name) => !FIELDS.test(name));
    if (unknown !== undefined) return refusal(400, "parameter_unknown");
    if (form.get("payment_intent") !== payment.id) return refusal(404, "resource_missing");
    const amount = Number(form.get("amount") ?? payment.amount);
    const before = refunds.reduce((sum, each) => sum + Number(each.amount), 0);
    if (!Number.isInteger(amount) || amount < 1) return refusal(400, "parameter_invalid_integer");
    if (before + amount > payment.amount) return refusal(400, "amount_too_large");
    const reason = form.get("reason");
    if (reason !== null && !REASONS.has(reason)) return refusal(400, "parameter_invalid");
    const { id: payment_intent, currency } = payment;
    const note = form.get("metadata[note]");
    const made = {
      id: `re_${refunds.length + 1}`,
      object: "refund",
      amount,
      currency,
      payment_intent,
      reason,
      metadata: note === null ? {} : { note },
      status: "succeeded",
    };
    refunds.push(made);
    return { status: 200, body: made };
  }

  function once(call: ServedCall): FakeAnswer {
    const id = String(call.headers["idempotency-key"] ?? "");
    const known = answered.get(id);
    if (known !== undefined && known.body !== call.body) return refusal(400, "idempotency_error");
    if (known !== undefined) {
      return { ...known.answer, headers: { "idempotent-replayed": "true" } };
    }
    const answer = refund(new URLSearchParams(call.body));
    if (id !== "") answered.set(id, { body: call.body, answer });
    return answer;
  }

  const fake: Fake = (call) => {
    if (bearerOf(call) !== key) return refusal(401, "invalid_api_key");
    const [, id] = /^\/v1\/refunds\/(re_\d+)$/.exec(call.path) ?? [];
    const found = call.method === "GET" ? refunds.find((each) => each.id === id) : undefined;
    if (found !== undefined) return { status: 200, body: found };
    const isForm = call.headers["content-type"] === "application/x-www-form-urlencoded";
    if (call.method === "POST" && call.path === "/v1/refunds" && isForm) return once(call);
    return refusal(404, "resource_missing");
  };
  return Object.assign(fake, { refunds });
}

function refusal(status: number, code: string): FakeAnswer {
  return { status, body: { error: { type: "invalid_request_error", code } } };
}
