import type { Holdpoint } from "@holdpoint/sdk";
import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ClaudeGateOptions } from "../options.js";
import { holdpointCanUseTool } from "./can-use-tool.js";

let plane: TestControlPlane;
let client: Holdpoint;
beforeEach(async () => {
  plane = await createTestControlPlane();
  client = plane.client();
});
afterEach(() => plane.close());

const INPUT = { command: "make" };

function prompt(options: Partial<ClaudeGateOptions> = {}, signal = new AbortController().signal) {
  const given = { service: "shell", holdpoint: client, runId: "run-1", onError() {}, ...options };
  const answer = holdpointCanUseTool(Object.freeze(given))("Bash", INPUT, {
    signal,
    toolUseID: "toolu_1",
    requestId: "1",
  });
  return answer as Promise<Awaited<typeof answer>>;
}

test("[G2] an approval is used up by the permission it gave", async () => {
  const answer = prompt();
  const { id } = await plane.waitForRequest({ action: "Bash" });
  await plane.approve(id, { patch: { command: "make check" } });
  expect(await answer).toEqual({ behavior: "allow", updatedInput: { command: "make check" } });
  expect(await plane.execution(id)).toMatchObject({
    status: "COMMITTED",
    result: { permission: "given to Claude" },
  });
  expect(await prompt()).toEqual({
    behavior: "deny",
    message: expect.stringMatching(/^STOP: .* has run before/),
  });
});

test("[G4] rejected, denied by the policy, or out of reach: denied", async () => {
  const answer = prompt();
  const { id } = await plane.waitForRequest();
  await plane.reject(id, { reason: "No." });
  expect(await answer).toMatchObject({ behavior: "deny", message: expect.stringContaining("No.") });
  expect(await prompt({ policy: "deny" })).toMatchObject({ behavior: "deny" });
  const fetch = () => Promise.reject(new TypeError("fetch failed"));
  const unreachable = await prompt({ holdpoint: plane.client({ fetch, maxRetries: 0 }) });
  expect(unreachable).toMatchObject({
    behavior: "deny",
    message: expect.stringContaining("CONNECTION_FAILED"),
  });
});

test("[G4] what was approved as no object of arguments is denied", async () => {
  const answer = prompt();
  const { id } = await plane.waitForRequest();
  await plane.approve(id, { patch: ["make"] });
  expect(await answer).toMatchObject({ behavior: "deny" });
  expect(await plane.execution(id)).toMatchObject({ status: "FAILED" });
});

test("what the policy lets through is allowed as it is", async () => {
  expect(await prompt({ policy: "allow" })).toEqual({ behavior: "allow", updatedInput: INPUT });
});

test("aborted it throws, and leaves the question open", async () => {
  const abort = new AbortController();
  const answer = prompt({}, abort.signal);
  const { id } = await plane.waitForRequest();
  abort.abort(new DOMException("Gone.", "AbortError"));
  await expect(answer).rejects.toThrow("Gone.");
  expect(await plane.request(id)).toMatchObject({ status: "PENDING" });
});
