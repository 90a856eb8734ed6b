import { ConfigurationError, type Holdpoint } from "@holdpoint/sdk";
import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { holdpoint } from "./index.js";
import { frameworkOf, MAJORS } from "./testing/framework.js";
import { createModel } from "./testing/model.js";

let plane: TestControlPlane;
let client: Holdpoint;
beforeEach(async () => {
  plane = await createTestControlPlane();
  client = plane.client();
});
afterEach(() => plane.close());

describe.each(MAJORS)("holdpoint() with ai %i", (major) => {
  function ask(askHuman: object, args: unknown, abortSignal?: AbortSignal) {
    const fake = createModel(major, [{ calls: [{ id: "call_1", tool: "askHuman", args }] }]);
    const tools = { askHuman } as never;
    const aborting = abortSignal && { abortSignal };
    const run = frameworkOf(major).generate({ model: fake.model, tools, ...aborting });
    return run.then(() => fake);
  }

  const proposal = { action: "refund", payload: { amount: 5 }, reason: "It came broken." };

  test("asks with what the model fills in, under the action that it names", async () => {
    const asking = ask(holdpoint({ service: "billing", holdpoint: client }), proposal);
    const request = await plane.waitForRequest({ action: "refund" });
    expect(request).toMatchObject({ service: "billing", payload: proposal });
    await plane.approve(request.id);
    const { answerTo, model } = await asking;
    expect(answerTo("call_1")).toContain("APPROVED: billing / refund may run once");
    const offered = model.doGenerateCalls[0]?.tools?.[0];
    expect(offered).toMatchObject({
      name: "askHuman",
      description: expect.stringContaining("Asks a person"),
      inputSchema: { required: ["action", "payload"] },
    });
  });

  test("with a schema of its own, the person edits in its form", async () => {
    const inputSchema = z.object({ amount: z.number().max(10) });
    const options = { service: "billing", action: "refund", holdpoint: client, inputSchema };
    const asking = ask(holdpoint(options), { amount: 5 });
    const { id, schema } = await plane.waitForRequest();
    expect(schema).toMatchObject({ properties: { amount: { maximum: 10 } } });
    await plane.approve(id, { patch: { amount: 4 } });
    expect((await asking).answerTo("call_1")).toContain("Changed /amount from 5 to 4.");
  });

  test("with a name for the run, the same call made again asks once", async () => {
    const askHuman = holdpoint({ service: "billing", runId: "chat-1", holdpoint: client });
    const asking = [ask(askHuman, proposal), ask(askHuman, proposal)];
    await plane.approve((await plane.waitForRequest()).id);
    for (const { answerTo } of await Promise.all(asking)) {
      expect(answerTo("call_1")).toMatch(/^APPROVED/);
    }
  });

  test("[G4] a failure is an answer that says so", async () => {
    const fetch = () => Promise.reject(new TypeError("fetch failed"));
    const away = plane.client({ fetch, maxRetries: 0 });
    const { answerTo } = await ask(holdpoint({ service: "billing", holdpoint: away }), proposal);
    expect(answerTo("call_1")).toMatch(/^ERROR[\s\S]*CONNECTION_FAILED/);
  });

  test("aborted while it waits: the question stays open", async () => {
    const leaving = new AbortController();
    const askHuman = holdpoint({ service: "billing", holdpoint: client });
    const asking = ask(askHuman, proposal, leaving.signal).catch(() => {});
    const { id } = await plane.waitForRequest();
    leaving.abort();
    await asking;
    expect(await plane.request(id)).toMatchObject({ status: "PENDING" });
  });
});

test("no API key is told when the tool is made", () => {
  vi.stubEnv("HOLDPOINT_API_KEY", "");
  expect(() => holdpoint({ service: "billing" })).toThrow(ConfigurationError);
  vi.unstubAllEnvs();
});
