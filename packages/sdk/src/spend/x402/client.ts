/** One way to pay that a seller offers, as x402 v2 says it. */
export interface PaymentTerms {
  readonly scheme: string;
  /** CAIP-2, for example `eip155:8453`. */
  readonly network: string;
  /** The token's contract address. */
  readonly asset: string;
  /** In the asset's own smallest unit, as decimal digits. */
  readonly amount: string;
  readonly payTo: string;
  readonly maxTimeoutSeconds: number;
}

/** What a seller answers with HTTP 402. */
export interface PaymentRequired {
  readonly x402Version: number;
  readonly accepts: readonly PaymentTerms[];
}

/** What is sent to the seller: signed. */
export interface SignedPayment {
  readonly x402Version: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What of an `x402Client` of `@x402/core` is used; `@x402/fetch` hands on the same class. */
export interface PaymentClient {
  setSpendControls(controls: false): unknown;
  onBeforePaymentCreation(
    hook: (context: {
      readonly paymentRequired: PaymentRequired;
      readonly selectedRequirements: PaymentTerms;
    }) => Promise<void>,
  ): unknown;
  createPaymentPayload(required: never): Promise<SignedPayment>;
}
