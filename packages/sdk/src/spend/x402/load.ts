import { ConfigurationError } from "../../core.js";
import type { PaymentClient, PaymentRequired, SignedPayment } from "./client.js";

type GetHeader = (name: string) => string | null;

/** How payments travel in HTTP, by the package that defines it. */
export interface PaymentHttp {
  getPaymentRequiredResponse(getHeader: GetHeader, body?: unknown): unknown;
  encodePaymentSignatureHeader(payment: SignedPayment): Readonly<Record<string, string>>;
  parsePaymentResult(answer: {
    readonly status: number;
    readonly getHeader: GetHeader;
    readonly body: unknown;
  }): {
    readonly paymentStatus: "settled" | "settle_failed" | "payment_required" | "none";
    readonly header?: unknown;
  };
  /** Whether it is a challenge, of any version. */
  isPaymentRequired(value: unknown): value is PaymentRequired;
}

/** Loads the optional peer. In a `try`, which lets bundlers go on where it is not installed. */
export async function loadPaymentHttp(client: PaymentClient): Promise<PaymentHttp> {
  try {
    const { x402HTTPClient } = await import("@x402/core/client");
    const { isPaymentRequired } = await import("@x402/core/schemas");
    const http = new x402HTTPClient(client as never);
    return {
      getPaymentRequiredResponse: (...input) => http.getPaymentRequiredResponse(...input),
      encodePaymentSignatureHeader: (payment) =>
        http.encodePaymentSignatureHeader(payment as never),
      parsePaymentResult: (answer) => http.parsePaymentResult(answer),
      isPaymentRequired: isPaymentRequired as PaymentHttp["isPaymentRequired"],
    };
  } catch (cause) {
    throw new ConfigurationError({
      code: "CONFIGURATION_INVALID",
      message:
        "Expected the package @x402/core, which spend.x402Fetch stands on. Install it: npm install @x402/core @x402/evm. Nothing was paid.",
      cause,
    });
  }
}
