import type { PaymentClient, PaymentRequired, PaymentTerms, SignedPayment } from "./client.js";

/** A payment whose terms are chosen, and which is not signed: the client stands before its signer. */
export interface HeldPayment {
  readonly terms: PaymentTerms;
  /** Lets it be signed, once. */
  sign(): Promise<SignedPayment>;
  /** Nothing is signed any more. After {@link HeldPayment.sign} it changes nothing. */
  abandon(): void;
}

interface Gate {
  readonly arrived: (terms: PaymentTerms) => void;
  readonly opened: Promise<void>;
}

/** The gates of each client, by what it was asked to pay: a hook cannot be taken away again. */
const fences = new WeakMap<PaymentClient, WeakMap<PaymentRequired, Gate>>();

/**
 * Puts a client behind a fence: it stops before each signature and goes on only where
 * {@link HeldPayment.sign} lets it. What did not come through {@link holdPayment} is refused.
 */
export function fence(client: PaymentClient): void {
  // The client's own limit, $1 unless it is set, would refuse before anybody is asked.
  client.setSpendControls(false);
  if (fences.has(client)) return;
  const gates = new WeakMap<PaymentRequired, Gate>();
  fences.set(client, gates);
  client.onBeforePaymentCreation(async ({ paymentRequired, selectedRequirements }) => {
    const gate = gates.get(paymentRequired);
    gates.delete(paymentRequired);
    if (gate === undefined) throw new Error("This client signs only what spend.x402Fetch lets it.");
    gate.arrived(selectedRequirements);
    await gate.opened;
  });
}

/** Lets a fenced client choose among the terms, and holds it there. Rejects where it chooses none. */
export async function holdPayment(
  client: PaymentClient,
  required: PaymentRequired,
): Promise<HeldPayment> {
  let open = () => {};
  let refuse = (_: Error) => {};
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve;
    refuse = reject;
  });
  const arrival = new Promise<PaymentTerms>((arrived) => {
    fences.get(client)?.set(required, { arrived, opened });
  });
  const signed = client.createPaymentPayload(required as never);
  const failed = signed.then((): never => {
    throw new Error("Expected the client to stop before it signs.");
  });
  const terms = await Promise.race([arrival, failed]);
  // Whoever abandons it does not wait for what becomes of it.
  failed.catch(() => {});
  return {
    terms,
    sign() {
      open();
      return signed;
    },
    abandon: () => refuse(new Error("Not approved.")),
  };
}
