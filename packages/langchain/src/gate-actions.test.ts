import { createActWorld } from "@holdpoint/adapter-conformance/act-world";
import { DynamicStructuredTool } from "@langchain/core/tools";
import { afterAll, expect, test } from "vitest";
import { gateActions } from "./gate-actions.js";

const world = await createActWorld();
afterAll(() => world[Symbol.asyncDispose]());

async function makeTool() {
  const [action] = await gateActions(world.client(), { include: ["open-ticket"] });
  if (action === undefined) throw new Error("Expected an action.");
  return action;
}

const callOf = (title: string, id: string) => ({
  name: "open-ticket",
  args: { title },
  id,
  type: "tool_call" as const,
});

test("[S-TOOL] answers with the output, and with the evidence as artifact", async () => {
  const action = await makeTool();
  expect(action).toBeInstanceOf(DynamicStructuredTool);
  expect(await action.invoke(callOf("Printer", "call_1"))).toMatchObject({
    status: "success",
    content: expect.stringContaining('"title":"Printer"'),
    artifact: { isError: false, result: { receiptId: expect.stringMatching(/^rcp_/) } },
  });
});

test("[S-TOOL] what did not run is a tool message of status error, without advice to try again", async () => {
  const action = await makeTool();
  const message = await action.invoke(callOf("FORBIDDEN", "call_2"));
  expect(message).toMatchObject({
    name: "open-ticket",
    tool_call_id: "call_2",
    status: "error",
    content: expect.stringMatching(/^STOP: /),
    artifact: { error: { code: "ACTION_DENIED" } },
  });
});

test("a program that invokes one without a tool call is given the text", async () => {
  const action = await makeTool();
  expect(await action.invoke({ title: "FORBIDDEN" })).toMatch(/^STOP: /);
  // It has no name by which it could be known again.
  const before = world.tickets.length;
  for (const _ of [1, 2]) await action.invoke({ title: "Printer" });
  expect(world.tickets).toHaveLength(before + 2);
});

test("LangChain tells what does not fit the schema, and where", async () => {
  const action = await makeTool();
  await expect(action.invoke({ title: 7 })).rejects.toThrow(/title[\s\S]*string/);
});
