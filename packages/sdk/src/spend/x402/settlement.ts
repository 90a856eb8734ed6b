import { isJsonObject, NotPaidError } from "../../core.js";
import type { PaymentTerms, SignedPayment } from "./client.js";
import type { Payer } from "./payer.js";

/** A payment that was made, as the seller's answer tells it. */
export interface Settlement {
  /** The transaction's hash. */
  readonly transaction: string;
}

/**
 * What became of a payment, by the seller's answer to it.
 *
 * The amount is never the seller's to say: the signature is for exactly what was asked.
 *
 * @throws {NotPaidError} The seller says that it took nothing, and its word is to be taken.
 * @throws {Error} It does not say that the payment was made, so nobody can say.
 */
export function readSettlement({ http, options }: Payer, response: Response): Settlement {
  const getHeader = (name: string) => response.headers.get(name);
  const { paymentStatus, header } = http.parsePaymentResult({
    status: response.status,
    getHeader,
    body: undefined,
  });
  const transaction = isJsonObject(header) ? header.transaction : undefined;
  const isNamed = typeof transaction === "string" && transaction !== "";
  if (paymentStatus === "settled" && isNamed) return { transaction };
  // One that names a transaction has tried, and may have come through after all.
  const isRefusal = response.status === 402 && paymentStatus !== "settled" && !isNamed;
  if (isRefusal && options.releaseOnRefusal === true) {
    throw new NotPaidError({ message: "The seller did not take the payment." });
  }
  throw new Error(
    `Expected an answer that says the payment was settled, got ${isRefusal ? "a refusal" : `HTTP ${response.status} without it`}.`,
  );
}

/**
 * The second fence, between the signature and the network: what was signed has to be what was
 * approved, whatever the client, its policies or its extensions have made of it.
 */
export function requireApproved(
  payment: SignedPayment & { readonly accepted?: PaymentTerms },
  terms: PaymentTerms,
): void {
  const { accepted, payload } = payment;
  const { authorization } = payload;
  const isSame = accepted !== undefined && MEMBERS.every((name) => accepted[name] === terms[name]);
  const isExact =
    !isJsonObject(authorization) ||
    (authorization.value === terms.amount && isSameAddress(authorization.to, terms.payTo));
  if (isSame && isExact) return;
  throw new NotPaidError({
    message: "Expected the client to sign what was approved, got another payment. It was not sent.",
  });
}

const MEMBERS = ["scheme", "network", "asset", "amount", "payTo", "maxTimeoutSeconds"] as const;

function isSameAddress(one: unknown, other: string): boolean {
  return typeof one === "string" && one.toLowerCase() === other.toLowerCase();
}
