import { ConfigurationError } from "@holdpoint/sdk";
import { createTestControlPlane } from "@holdpoint/testing";
import { type Tool, tool } from "ai";
import { expect, expectTypeOf, test, vi } from "vitest";
import { z } from "zod";
import { createSpendTools } from "./index.js";
import { frameworkOf, MAJORS } from "./testing/framework.js";
import { createModel } from "./testing/model.js";

test.each(MAJORS)(
  "[S-TOOL] goes beside other tools, by names of one's own, with ai %i",
  async (major) => {
    await using plane = await createTestControlPlane();
    const names = { request: "ask_for_money" };
    const lookUp = tool({ inputSchema: z.object({}), execute: async () => "nothing" });
    const tools = {
      ...createSpendTools(Object.freeze({ holdpoint: plane.client(), names })),
      lookUp,
    };
    expectTypeOf(tools.lookUp).toEqualTypeOf(lookUp);
    expect(Object.keys(tools)).toEqual([
      ...["ask_for_money", "check_purchase", "confirm_purchase", "check_budget"],
      "lookUp",
    ]);
    const args = { amount: "12.50", currency: "EUR", category: "cloud" };
    const fake = createModel(major, [{ calls: [{ id: "call_1", tool: "ask_for_money", args }] }]);
    const given = tools as Readonly<Record<string, Tool>>;
    await frameworkOf(major).generate({ model: fake.model, tools: given });
    expect(fake.answerTo("call_1")).toMatch(/^WAIT: /);
    expect(fake.model.doGenerateCalls[0]?.tools?.[0]).toMatchObject({
      name: "ask_for_money",
      description: expect.stringContaining("call confirm_purchase"),
      inputSchema: { required: ["amount", "currency", "category"], additionalProperties: false },
    });
  },
);

test("[G4] no API key is told when the tools are made", () => {
  vi.stubEnv("HOLDPOINT_API_KEY", "");
  expect(() => createSpendTools()).toThrow(ConfigurationError);
  vi.unstubAllEnvs();
});
