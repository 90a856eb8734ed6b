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
  const payable = required.accepts.filter((terms) => isPayable(payer.assets, terms));
  if (required.x402Version !== 2 || payable.length === 0) throw unsupported(payer, required);
  const held = await holdPayment(payer.client, { ...required, accepts: payable }).catch(
    (cause: unknown) => {
      throw unsupported(payer, required, cause);
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

function isPayable(assets: readonly PaymentAsset[], terms: PaymentTerms): boolean {
  const asset = findAsset(assets, terms);
  return (
    terms.scheme === SCHEME && asset !== undefined && toMinor(terms.amount, asset) !== undefined
  );
}

/** What the client has chosen, which its own policies may have changed: judged as it is signed. */
async function describe(payer: Payer, held: HeldPayment, url: string): Promise<Offer> {
  const { terms } = held;
  const { currency, minor } = requirePayable(payer.assets, terms);
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
  return { held, facts, amount: minor, currency, url };
}

function requirePayable(assets: readonly PaymentAsset[], terms: PaymentTerms) {
  const asset = findAsset(assets, terms);
  const minor = asset && toMinor(terms.amount, asset);
  if (asset !== undefined && minor !== undefined && terms.scheme === SCHEME) {
    return { currency: asset.currency, minor };
  }
  throw unsupportedTerms("what the client has chosen");
}

function unsupported({ assets }: Payer, required: PaymentRequired, cause?: unknown) {
  if (required.x402Version !== 2) return unsupportedTerms("another version of x402", cause);
  const known = required.accepts.filter((terms) => findAsset(assets, terms) !== undefined);
  if (known.length === 0) return unsupportedTerms("tokens that are not named in assets", cause);
  if (!known.some(({ scheme }) => scheme === SCHEME))
    return unsupportedTerms("other schemes", cause);
  const isFitting = known.some((terms) => isPayable(assets, terms));
  if (!isFitting) return unsupportedTerms("amounts that are not whole in their currency", cause);
  return unsupportedTerms("nothing that the client has a scheme for, or lets pass", cause);
}

function unsupportedTerms(got: string, cause?: unknown): PaymentChallengeError {
  return new PaymentChallengeError({
    code: "PAYMENT_CHALLENGE_UNSUPPORTED",
    message: `Expected a challenge of x402 version 2 to pay a known token by the scheme ${SCHEME}, got ${got}. Nothing was signed.`,
    cause,
  });
}
