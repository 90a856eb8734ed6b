import { ConfigurationError } from "@holdpoint/sdk";
import { createTestControlPlane } from "@holdpoint/testing";
import { DynamicStructuredTool } from "@langchain/core/tools";
import { expect, test, vi } from "vitest";
import { createSpendTools } from "./spend-tools.js";

const args = { amount: "12.50", currency: "EUR", category: "cloud" };

test("[S-TOOL] answers with a text, and with the purchase as artifact", async () => {
  await using plane = await createTestControlPlane();
  const tools = createSpendTools(Object.freeze({ holdpoint: plane.client() }));
  expect(tools.map(({ name }) => name)).toEqual([
    ...["request_purchase", "check_purchase", "confirm_purchase", "check_budget"],
  ]);
  const [request] = tools;
  expect(request).toBeInstanceOf(DynamicStructuredTool);
  const call = { name: "request_purchase", args, id: "call_1", type: "tool_call" as const };
  const thread = { configurable: { thread_id: "t1" } };
  const message = await request?.invoke(call, thread);
  expect(message).toMatchObject({
    status: "success",
    content: expect.stringMatching(/^WAIT: /),
    artifact: { purchase: { status: "pending", amount: "12.50" } },
  });
  const { requestId } = message.artifact.purchase;
  expect(await plane.request(requestId)).toMatchObject({ run_id: "t1" });
});

test("a program that invokes one without a tool call is given the text", async () => {
  await using plane = await createTestControlPlane();
  const [request] = createSpendTools({ holdpoint: plane.client(), runId: "r1" });
  expect(await request?.invoke(args)).toMatch(/^WAIT: /);
  // It has no name by which it could be known again.
  await request?.invoke(args);
  expect((await plane.client().spend.list()).data).toHaveLength(2);
});

test("LangChain tells what does not fit the schema, and where", async () => {
  await using plane = await createTestControlPlane();
  const [request] = createSpendTools({ holdpoint: plane.client() });
  await expect(request?.invoke({ ...args, amount: 12.5 })).rejects.toThrow(/amount[\s\S]*string/);
});

test("[G4] no API key is told when the tools are made", () => {
  vi.stubEnv("HOLDPOINT_API_KEY", "");
  expect(() => createSpendTools()).toThrow(ConfigurationError);
  vi.unstubAllEnvs();
});
