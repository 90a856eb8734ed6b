import { expect, test } from "vitest";
import * as adapter from "./index.js";

// A red pin says: make this deliberate. Removing a name breaks whoever uses it.
test("the names of the root entry", () => {
  expect(Object.keys(adapter).sort()).toMatchInlineSnapshot(`
    [
      "createHoldpointTool",
      "createSpendTools",
      "gateActions",
      "holdpointCanUseTool",
      "holdpointHook",
      "holdpointServer",
      "isDeferred",
      "keepOpen",
      "resumeFromWebhook",
    ]
  `);
});
