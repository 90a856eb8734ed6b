import { ConflictError, NotPaidError } from "../../core.js";
import type { DraftPurchaseOptions } from "../draft.js";
import { guardPurchase } from "../guard.js";
import { isPayable } from "../wire.js";
import { type Offer, takeOffer } from "./challenge.js";
import type { SignedPayment } from "./client.js";
import { identifyCall } from "./identify.js";
import type { Payer } from "./payer.js";
import {
  awaitPerson,
  challengeChanged,
  describePurchase,
  letGo,
  requireWhole,
  reserve,
} from "./reserve.js";
import { readSettlement, requireApproved } from "./settlement.js";

/** Makes a call, and pays for it where the seller asks and policy lets it. */
export async function fetchAndPay(payer: Payer, request: Request): Promise<Response> {
  const response = await payer.fetch(request.clone());
  const offer = await takeOffer(payer, request, response);
  if (offer === undefined) return response;
  try {
    return await payOffer(payer, request, offer);
  } finally {
    offer.held.abandon();
  }
}

async function payOffer(payer: Payer, request: Request, offer: Offer): Promise<Response> {
  const { id, isKeyed } = await identifyCall(payer, request);
  const draft = describePurchase(payer, offer, id, request.method);
  const reserved = await reserve(payer, draft, request.signal);
  if (reserved.status === "pending") {
    try {
      const decided = await awaitPerson(payer, reserved, request.signal);
      if (isPayable(decided.status)) await requireUnchanged(payer, request, offer, id);
    } catch (error) {
      // Nothing is signed yet, and without a key nobody will find it again.
      if (!isKeyed) await letGo(payer, id);
      throw error;
    }
  }
  return payReserved(payer, request, offer, draft);
}

/** A person takes time, and by then the seller may ask for something else: it is asked once more. */
async function requireUnchanged(
  payer: Payer,
  request: Request,
  { facts }: Offer,
  id: string,
): Promise<void> {
  const response = await payer.fetch(request.clone());
  const now = await takeOffer(payer, request, response);
  now?.held.abandon();
  if (now?.facts.digest !== facts.digest) throw challengeChanged(id);
}

/** Claims the grant, signs, sends, and confirms what was paid: once, however often it is called. */
async function payReserved(
  payer: Payer,
  request: Request,
  offer: Offer,
  draft: DraftPurchaseOptions & { readonly id: string },
): Promise<Response> {
  const { parts, options } = payer;
  const { leaseMs } = options;
  let answer: Response | undefined;
  const guarded = {
    parts,
    options: { ...draft, ...(leaseMs !== undefined && { leaseMs }) },
    call: { signal: request.signal },
  };
  const { purchase } = await guardPurchase(guarded, async (approved, { signal }) => {
    requireWhole(approved);
    const payment = await sign(offer);
    signal.throwIfAborted();
    answer = await send(payer, request, payment, signal);
    const { transaction } = readSettlement(payer, answer);
    return { actualAmount: offer.amount, externalId: transaction };
  });
  if (answer === undefined) throw paidBefore(draft.id);
  options.onPaid?.(purchase);
  return answer;
}

/** What is signed here and goes nowhere cannot be cashed. */
async function sign({ held }: Offer): Promise<SignedPayment> {
  const payment = await held.sign().catch((cause: unknown) => {
    throw new NotPaidError({ message: "The client did not sign the payment.", cause });
  });
  requireApproved(payment, held.terms);
  return payment;
}

function send(
  { http, fetch }: Payer,
  request: Request,
  payment: SignedPayment,
  signal: AbortSignal,
): Promise<Response> {
  const headers = new Headers(request.headers);
  for (const [name, value] of Object.entries(http.encodePaymentSignatureHeader(payment))) {
    headers.set(name, value);
  }
  // Whoever was redirected to would hold the signature.
  return fetch(new Request(request.clone(), { headers, signal, redirect: "manual" }));
}

function paidBefore(requestId: string): ConflictError {
  return new ConflictError({
    code: "EXECUTION_SETTLED",
    message: `Expected ${requestId} not to be paid yet, and it was paid before, under the same key. Nothing was paid again, and what the seller answered then is not kept. Use another key to buy it again.`,
    requestId,
  });
}
