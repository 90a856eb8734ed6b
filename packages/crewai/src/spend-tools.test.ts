import { ConfigurationError } from "@holdpoint/sdk";
import { createTestControlPlane } from "@holdpoint/testing";
import { expect, test, vi } from "vitest";
import { createSpendTools } from "./spend-tools.js";

const asked = { amount: "12.50", currency: "EUR", category: "cloud" };

test("[S-TOOL] runs by each of its names, and tells the program why there is no answer", async () => {
  await using plane = await createTestControlPlane();
  const onError = vi.fn();
  const holdpoint = plane.client();
  const [request] = createSpendTools(Object.freeze({ holdpoint, onError }));
  if (request === undefined) throw new Error("Expected a tool.");
  const call = { toolCallId: "call_1", runId: "run-1" };
  for (const method of ["run", "invoke", "execute", "func"] as const) {
    expect(await request[method](asked, call)).toMatch(/^WAIT: /);
  }
  expect((await holdpoint.spend.list()).data).toHaveLength(1);
  expect(onError).not.toHaveBeenCalled();
  expect(await request.run({ ...asked, amount: 12.5 })).toMatch(/^ERROR: /);
  expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: "VALIDATION_FAILED" }));
});

test("[G4] no API key is told when the tools are made", () => {
  vi.stubEnv("HOLDPOINT_API_KEY", "");
  expect(() => createSpendTools()).toThrow(ConfigurationError);
  vi.unstubAllEnvs();
});
