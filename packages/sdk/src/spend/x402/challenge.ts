import type { PaymentChallenge } from "@holdpoint/protocol/spend";
import { digestJson, PaymentChallengeError } from "../../core.js";
import { findAsset, type PaymentAsset, toMinor } from "./assets.js";
import type { PaymentRequired, PaymentTerms } from "./client.js";
import { type HeldPayment, holdPayment } from "./fence.js";
import type { Payer } from "./payer.js";

/** The one scheme whose signature says exactly how much is taken. Others sign for more. */
const SCHEME = "exact";

/** What a seller asks for, chosen and held: what is approved, and what is signed. */
export interface Offer {
  readonly held: HeldPayment;
  /** As it is bound to its purchase. */
  readonly facts: PaymentChallenge;
  readonly amount: bigint;
  readonly currency: string;
  /** What was really called. */
  readonly url: string;
}

/**
 * Reads a challenge, and lets the client choose among what can be paid exactly.
 *
 * @returns `undefined` for an answer that is no challenge of x402.
 * @throws {PaymentChallengeError} `PAYMENT_CHALLENGE_UNSUPPORTED`: nothing of it can be paid here.
 */
export async function takeOffer(
  payer: Payer,
  request: Request,
  response: Response,
): Promise<Offer | undefined> {
  const required = response.status === 402 ? await readRequired(payer, response) : undefined;
  if (required === undefined) return undefined;
  const url = locate(request, response);
  if (required.x402Version !== 2) throw unsupported("another version");
  const payable = required.accepts.filter((terms) => readMoney(payer.assets, terms) !== undefined);
  if (payable.length === 0)
    throw unsupported(
      "other schemes, tokens that are not in assets, or amounts that are not whole",
    );
  const held = await holdPayment(payer.client, { ...required, accepts: payable }).catch(
    (cause: unknown) => {
      throw unsupported("what the client has no scheme for, or does not let pass", cause);
    },
  );
  try {
    return await describe(payer, held, url);
  } catch (error) {
    held.abandon();
    throw error;
  }
}

async function readRequired(
  { http }: Payer,
  response: Response,
): Promise<PaymentRequired | undefined> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  try {
    const read = http.getPaymentRequiredResponse((name) => response.headers.get(name), body);
    return http.isPaymentRequired(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** What was really called: the seller's own word for it counts for nothing. */
function locate({ url }: Request, response: Response): string {
  if (!response.redirected) return url.replace(/#.*$/, "");
  // Paid by the same way, the signature and the caller's own headers would go to a third party.
  throw new PaymentChallengeError({
    code: "PAYMENT_CHALLENGE_UNSUPPORTED",
    message: `Expected the challenge from the address that was called, got a redirect to ${new URL(response.url).origin}. Nothing was signed. Call the address it leads to.`,
  });
}

/** What the client has chosen, which its own policies may have changed: judged as it is signed. */
async function describe({ assets }: Payer, held: HeldPayment, url: string): Promise<Offer> {
  const { terms } = held;
  const money = readMoney(assets, terms);
  if (money === undefined) throw unsupported("what the client has made of it");
  const { origin, pathname } = new URL(url);
  const facts = {
    network: terms.network,
    asset: terms.asset,
    pay_to: terms.payTo,
    // What follows the path may hold secrets; people read it in the description.
    resource_url: origin + pathname,
    asset_amount: terms.amount,
    scheme: terms.scheme,
    digest: `sha256:${await digestJson(terms)}`,
  };
  return { held, facts, ...money, url };
}

/** What is to be paid; `undefined` for what is not counted to the last unit. */
function readMoney(assets: readonly PaymentAsset[], terms: PaymentTerms) {
  const asset = findAsset(assets, terms);
  const amount = asset && toMinor(terms.amount, asset);
  if (terms.scheme !== SCHEME || asset === undefined || amount === undefined) return undefined;
  return { currency: asset.currency, amount };
}

function unsupported(got: string, cause?: unknown): PaymentChallengeError {
  return new PaymentChallengeError({
    code: "PAYMENT_CHALLENGE_UNSUPPORTED",
    message: `Expected a challenge of x402 version 2 to pay a known token by the scheme ${SCHEME}, got ${got}. Nothing was signed.`,
    cause,
  });
}
