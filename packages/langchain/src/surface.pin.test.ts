import { expect, test } from "vitest";
import * as root from "./index.js";
import * as middleware from "./middleware.js";

// A red pin says: make this deliberate. Removing a name breaks whoever uses it.
test("the names of the entries", () => {
  expect(Object.keys(root).sort()).toMatchInlineSnapshot(`
    [
      "HoldpointCheckpointSaver",
      "createHoldpointTool",
      "createSpendTools",
      "gateActions",
      "gateTools",
      "getIdempotencyKey",
      "isHoldpointInterrupt",
      "resumeFromWebhook",
    ]
  `);
  expect(Object.keys(middleware)).toMatchInlineSnapshot(`
    [
      "holdpointMiddleware",
    ]
  `);
});
