import { expect, test } from "vitest";
import * as crewai from "./index.js";

// A red pin says: make this deliberate. Removing a name breaks whoever uses it.
test("the names of the package", () => {
  expect(Object.keys(crewai).sort()).toMatchInlineSnapshot(`
    [
      "createHoldpointTool",
      "createSpendTools",
      "gateActions",
      "gateTools",
      "resumeFromWebhook",
    ]
  `);
});
