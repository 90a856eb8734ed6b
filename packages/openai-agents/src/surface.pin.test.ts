import { createTestControlPlane } from "@holdpoint/testing";
import { expect, test } from "vitest";
import * as adapter from "./index.js";

// A red pin says: make this deliberate. Removing a name breaks whoever uses it.
test("the names of the root entry", () => {
  expect(Object.keys(adapter).sort()).toMatchInlineSnapshot(`
    [
      "createDurableGate",
      "createHoldpointTool",
      "createSpendTools",
      "gateActions",
      "gateTools",
    ]
  `);
});

test("the calls of a durable gate", async () => {
  await using holdpoint = await createTestControlPlane();
  const options = { service: "bank", runId: "run", holdpoint: holdpoint.client() };
  expect(Object.keys(adapter.createDurableGate(options))).toMatchInlineSnapshot(`
    [
      "gateTools",
      "parkInterruptions",
      "resume",
      "resumeFromWebhook",
    ]
  `);
});
