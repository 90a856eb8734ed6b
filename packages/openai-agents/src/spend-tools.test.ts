import { ConfigurationError, type Holdpoint } from "@holdpoint/sdk";
import { createTestControlPlane } from "@holdpoint/testing";
import { Runner } from "@openai/agents";
import { functionCall, ScriptedModel } from "@openai/agents/testing";
import { expect, test, vi } from "vitest";
import { createSpendTools } from "./spend-tools.js";
import { agentWith, DONE, readAnswers } from "./testing/scripted-agent.js";

const ASKED = { amount: "12.50", currency: "EUR", category: "cloud" };
const runner = new Runner({ tracingDisabled: true });

async function spend(holdpoint: Holdpoint, runId?: () => string) {
  const tools = createSpendTools(Object.freeze({ holdpoint, ...(runId && { runId }) }));
  const call = functionCall("request_purchase", ASKED, { callId: "call_1" });
  const model = new ScriptedModel([[call], DONE]);
  await runner.run(agentWith(tools, model), "Buy it.");
  return readAnswers(model).call_1 ?? "";
}

test("[S-TOOL] tells the model what it takes, and takes a name for the run", async () => {
  await using plane = await createTestControlPlane();
  const hp = plane.client();
  const [request] = createSpendTools({ holdpoint: hp });
  expect(request).toMatchObject({
    name: "request_purchase",
    strict: false,
    parameters: { required: ["amount", "currency", "category"], additionalProperties: false },
  });
  expect(await spend(hp, () => "run-7")).toMatch(/^WAIT: /);
  expect(await spend(hp, () => "run-7")).toMatch(/^WAIT: /);
  const { data } = await hp.spend.list();
  expect(data).toHaveLength(1);
  expect(await plane.request(data[0]?.requestId ?? "")).toMatchObject({ run_id: "run-7" });
});

test("[G4] a name for the run that is none: nothing is reserved", async () => {
  await using plane = await createTestControlPlane();
  const hp = plane.client();
  expect(await spend(hp, () => "")).not.toMatch(/^(APPROVED|WAIT)/);
  expect((await hp.spend.list()).data).toEqual([]);
});

test("[G4] no API key is told when the tools are made", () => {
  vi.stubEnv("HOLDPOINT_API_KEY", "");
  expect(() => createSpendTools()).toThrow(ConfigurationError);
  vi.unstubAllEnvs();
});
