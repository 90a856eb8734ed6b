import type { x402Client } from "@x402/core/client";
import { expectTypeOf, test } from "vitest";
import type { PaymentClient } from "./client.js";
import type { X402FetchOptions } from "./options.js";

test("the client of @x402/core is one", () => {
  expectTypeOf<x402Client>().toExtend<PaymentClient>();
  expectTypeOf<{ client: x402Client; category: string }>().toExtend<X402FetchOptions>();
  expectTypeOf<{ client: object; category: string }>().not.toExtend<X402FetchOptions>();
});
