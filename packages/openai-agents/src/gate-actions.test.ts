import { createActWorld } from "@holdpoint/adapter-conformance/act-world";
import { Runner, ToolCallError } from "@openai/agents";
import { functionCall, ScriptedModel } from "@openai/agents/testing";
import { afterAll, expect, test } from "vitest";
import { type GateActionsOptions, gateActions } from "./gate-actions.js";
import { agentWith, DONE, readAnswers } from "./testing/scripted-agent.js";

const world = await createActWorld();
afterAll(() => world[Symbol.asyncDispose]());
const runner = new Runner({ tracingDisabled: true });

async function act(args: Record<string, unknown>, options?: GateActionsOptions) {
  const tools = await gateActions(world.client(), options);
  const call = functionCall("open-ticket", args, { callId: "call_1" });
  const model = new ScriptedModel([[call], DONE]);
  await runner.run(agentWith(tools, model), "Go on.");
  return readAnswers(model).call_1 ?? "";
}

test("[S-TOOL] tells the model what it takes, and lets it leave out what it may", async () => {
  const [action] = await gateActions(world.client(), { include: ["open-ticket"] });
  expect(action).toMatchObject({
    name: "open-ticket",
    description: "Opens a ticket in the help desk.",
    strict: false,
    parameters: {
      properties: { title: { type: "string", minLength: 1 } },
      required: ["title"],
      additionalProperties: false,
    },
  });
  // Strict models put null where they have nothing to say.
  expect(await act({ title: "Printer", text: null })).toContain('"title":"Printer"');
});

test("[S-TOOL] what did not run is told by an errorFunction, or rejects the run", async () => {
  const errorFunction = (_: unknown, error: Error) => `It failed: ${error.name}.`;
  const args = { title: "FORBIDDEN" };
  expect(await act(args)).toMatch(/^STOP: /);
  expect(await act(args, { errorFunction })).toBe("It failed: ActionDeniedError.");
  const rejected = act(args, { errorFunction: null });
  await expect(rejected).rejects.toBeInstanceOf(ToolCallError);
  await expect(rejected).rejects.toMatchObject({ error: { code: "ACTION_DENIED" } });
});

test("a name for the run makes a call of it one call, and groups them", async () => {
  const runId = () => "run-7";
  const before = world.tickets.length;
  const made = [await act({ title: "Once" }, { runId }), await act({ title: "Once" }, { runId })];
  expect(made[1]).toBe(made[0]);
  expect(world.tickets).toHaveLength(before + 1);
});
