import { type DynamicStructuredTool, type DynamicTool, tool } from "@langchain/core/tools";
import { createAgent } from "langchain";
import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { type ApprovalAnswer, createHoldpointTool, gateTools } from "./index.js";
import { holdpointMiddleware } from "./middleware.js";

const Transfer = z.object({ amount: z.number() });
const transfer = tool(async ({ amount }) => ({ sent: amount }), {
  name: "transfer",
  description: "",
  schema: Transfer,
});
declare const note: DynamicTool;

describe("gateTools", () => {
  test("gives back the type it was given", () => {
    const gated = gateTools(transfer, { service: "bank" });
    expectTypeOf(gated).toEqualTypeOf(transfer);
    expectTypeOf(gated.name).toEqualTypeOf<"transfer">();
    expectTypeOf(gated.invoke({ amount: 1 })).resolves.toEqualTypeOf<{ sent: number }>();
    // @ts-expect-error the arguments stay typed
    void gated.invoke({ amount: "1" });
  });

  test("gives back a list of them in their order", () => {
    const gated = gateTools([transfer, note], { service: "bank" });
    expectTypeOf(gated).toEqualTypeOf<[typeof transfer, DynamicTool]>();
    createAgent({ model: "x", tools: gated });
    // @ts-expect-error what the provider runs cannot be gated
    gateTools([{ type: "web_search" }], { service: "bank" });
    // @ts-expect-error a gate has a service
    gateTools(transfer, {});
    // @ts-expect-error and knows its modes
    gateTools(transfer, { service: "bank", mode: "durable" });
  });
});

test("holdpointMiddleware fits an agent", () => {
  const middleware = [holdpointMiddleware({ service: "bank", policy: { "*": "observe" } })];
  createAgent({ model: "x", tools: [transfer], middleware });
});

describe("createHoldpointTool", () => {
  test("is a tool of the schema given", () => {
    const approval = createHoldpointTool({ service: "bank", name: "ask", schema: Transfer });
    type Input = { amount: number };
    expectTypeOf(approval).toEqualTypeOf<
      DynamicStructuredTool<typeof Transfer, Input, Input, string, unknown, "ask">
    >();
    expectTypeOf(approval.invoke({ amount: 1 })).resolves.toEqualTypeOf<string>();
    // @ts-expect-error the arguments are typed
    void approval.invoke({ amount: "1" });
  });

  test("has a name and a schema of its own", () => {
    const approval = createHoldpointTool({ service: "bank" });
    expectTypeOf(approval.name).toEqualTypeOf<"request_approval">();
    expectTypeOf<ApprovalAnswer["approved"]>().toEqualTypeOf<boolean>();
  });
});
