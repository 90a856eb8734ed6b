import { expectTypeOf, test } from "vitest";
import { gateTools } from "./index.js";

test("a gated tool is the tool it was", () => {
  const transfer = {
    name: "transfer",
    description: "Moves money.",
    run: async (input: { amount: number }) => `sent ${input.amount}`,
  };
  const search = { name: "search", description: "Searches.", invoke: (query: string) => [query] };
  const gated = gateTools([transfer, search], { service: "bank" });
  expectTypeOf(gated).toEqualTypeOf<[typeof transfer, typeof search]>();
  expectTypeOf(gated[0].run).parameter(0).toEqualTypeOf<{ amount: number }>();
  // @ts-expect-error a tool needs a name
  gateTools([{ description: "None." }], { service: "bank" });
  // @ts-expect-error no such verdict
  gateTools([transfer], { service: "bank", policy: "maybe" });
});
