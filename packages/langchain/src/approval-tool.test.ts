import { ConfigurationError } from "@holdpoint/sdk";
import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { DynamicStructuredTool } from "@langchain/core/tools";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { createHoldpointTool } from "./approval-tool.js";

let plane: TestControlPlane;
beforeEach(async () => {
  plane = await createTestControlPlane();
});
afterEach(() => plane.close());

const thread = { configurable: { thread_id: "t1" } };
const given = { action: "refund", payload: { order: "A-7" }, reason: "It came broken." };

function call(name: string, args: Record<string, unknown>) {
  return { name, args, id: "call_1", type: "tool_call" as const };
}

test("asks what the model fills in, and answers with a text and the decision", async () => {
  const approval = createHoldpointTool(
    Object.freeze({ service: "shop", holdpoint: plane.client(), priority: "high" }),
  );
  expect(approval).toBeInstanceOf(DynamicStructuredTool);
  const ending = approval.invoke(call("request_approval", given), thread);
  const request = await plane.waitForRequest();
  expect(request).toMatchObject({
    ...{ service: "shop", action: "refund", payload: given, run_id: "t1", priority: "high" },
    schema: { properties: { payload: { type: "object" } } },
  });
  await plane.approve(request.id);
  const message = await ending;
  expect(message).toMatchObject({
    status: "success",
    content: expect.stringMatching(/^APPROVED: shop \/ refund/),
    artifact: { approved: true, decision: { id: request.id } },
  });
});

test("asks once for a call, also when it is made again", async () => {
  const approval = createHoldpointTool({ service: "shop", holdpoint: plane.client() });
  const endings = [1, 2].map(() => approval.invoke(call("request_approval", given), thread));
  const { id } = await plane.waitForRequest();
  await plane.reject(id, { reason: "No." });
  for (const message of await Promise.all(endings)) expect(message.content).toMatch(/^STOP/);
  expect((await plane.client().requests.list()).data).toHaveLength(1);
});

test("takes a schema and a name of one's own, and calls without a tool call", async () => {
  const approval = createHoldpointTool({
    ...{ service: "shop", action: "refund", holdpoint: plane.client(), runId: "r1" },
    name: "ask_for_refund",
    description: "Before every refund.",
    schema: z.object({ order: z.string(), day: z.string().transform((day) => new Date(day)) }),
  });
  expect(approval).toMatchObject({ name: "ask_for_refund", description: "Before every refund." });
  const args = { order: "A-7", day: "2026-11-28" };
  const ending = approval.invoke(call("ask_for_refund", args), thread);
  const request = await plane.waitForRequest();
  expect(request).toMatchObject({ payload: args, run_id: "r1", action: "refund" });
  await plane.approve(request.id, { patch: { ...args, order: "A-8" } });
  expect((await ending).content).toMatch(/^APPROVED WITH CHANGES/);
  const text = createHoldpointTool({ service: "shop", holdpoint: plane.client() }).invoke(given);
  const { id } = await plane.waitForRequest();
  await plane.approve(id);
  expect(await text).toMatch(/^APPROVED/);
});

test("tells a failure as one, and an abort by throwing it", async () => {
  const fetch = () => Promise.reject(new TypeError("fetch failed"));
  const holdpoint = plane.client({ fetch, maxRetries: 0 });
  const offline = createHoldpointTool({ service: "shop", holdpoint });
  const message = await offline.invoke(call("request_approval", given), thread);
  expect(message.content).toMatch(/^ERROR: .*CONNECTION_FAILED/s);
  expect(message.artifact).toMatchObject({ approved: false, error: { code: "CONNECTION_FAILED" } });

  const abort = new AbortController();
  const approval = createHoldpointTool({ service: "shop", holdpoint: plane.client() });
  const { signal } = abort;
  const ending = approval.invoke(call("request_approval", given), { ...thread, signal });
  const { id } = await plane.waitForRequest();
  const reason = new Error("The user has left.");
  abort.abort(reason);
  await expect(ending).rejects.toBe(reason);
  expect(await plane.request(id)).toMatchObject({ status: "PENDING" });
});

test("[G4] no API key is told when the tool is made", () => {
  vi.stubEnv("HOLDPOINT_API_KEY", "");
  expect(() => createHoldpointTool({ service: "shop" })).toThrow(ConfigurationError);
  vi.unstubAllEnvs();
});
