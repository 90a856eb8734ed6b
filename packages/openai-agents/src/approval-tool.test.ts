import { ConfigurationError } from "@holdpoint/sdk";
import { ToolCallError } from "@openai/agents";
import { functionCall, ScriptedModel } from "@openai/agents/testing";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { createHoldpointTool } from "./approval-tool.js";
import { agentWith, DONE, readAnswers } from "./testing/scripted-agent.js";
import { createStage, runner } from "./testing/stage.js";

afterEach(() => vi.unstubAllEnvs());

const ASKED = { action: "wire money", payload: { amount: 500 }, reason: "An invoice." };

async function ask(asking: ReturnType<typeof createHoldpointTool>, args: object = ASKED) {
  const call = functionCall("request_approval", { ...args }, { callId: "call_1" });
  const model = new ScriptedModel([[call], DONE]);
  await runner.run(agentWith([asking], model), "Go on.");
  return readAnswers(model).call_1;
}

test("without parameters the model says what it wants to do, with what, and why", async () => {
  await using stage = await createStage();
  const answer = ask(createHoldpointTool(Object.freeze(stage.options)));
  const request = await stage.holdpoint.waitForRequest();
  expect(request).toMatchObject({ service: "bank", action: "wire money", payload: ASKED });
  await stage.holdpoint.approve(request.id);
  expect(await answer).toMatch(/^APPROVED: bank \/ wire money/);
});

test("parameters make the form; what is optional may be null, as the framework tells the model", async () => {
  await using stage = await createStage();
  const parameters = z.object({ amount: z.number(), note: z.string().optional() });
  const asking = createHoldpointTool({ ...stage.options, action: "wire", parameters });
  const answer = ask(asking, { amount: 500, note: null });
  const { id, schema } = await stage.holdpoint.waitForRequest({ action: "wire" });
  expect(schema).toMatchObject({ required: ["amount", "note"] });
  await stage.holdpoint.approve(id, { patch: { amount: 50, note: "Half." } });
  expect(await answer).toMatch(/^APPROVED WITH CHANGES.*\n\{"amount":50,"note":"Half\."\}/);
});

test("with a runId the same call asks once, wherever it is made again", async () => {
  await using stage = await createStage();
  const runId = "conversation-1";
  const [first, second] = [1, 2].map(() => ask(createHoldpointTool({ ...stage.options, runId })));
  const { id } = await stage.holdpoint.waitForRequest();
  await stage.holdpoint.reject(id, { reason: "No." });
  expect(await first).toMatch(/^STOP/);
  expect(await second).toBe(await first);
  expect(await stage.holdpoint.pending()).toEqual([]);
});

test("[G4] a failure is a text, or with errorFunction: null the run's own", async () => {
  await using stage = await createStage();
  const fetch = () => Promise.reject(new TypeError("fetch failed"));
  const options = { ...stage.options, holdpoint: stage.holdpoint.client({ fetch, maxRetries: 0 }) };
  expect(await ask(createHoldpointTool(options))).toMatch(/^ERROR: .*\n.*CONNECTION_FAILED/);
  const strict = ask(createHoldpointTool({ ...options, errorFunction: null }));
  const error = await strict.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ToolCallError);
  expect(error).toMatchObject({ error: { code: "CONNECTION_FAILED" } });
});

test("no API key is told when it is made", () => {
  vi.stubEnv("HOLDPOINT_API_KEY", "");
  expect(() => createHoldpointTool({ service: "bank" })).toThrow(ConfigurationError);
});
