import { expect, test } from "vitest";
import * as adapter from "./index.js";

// A red pin says: make this deliberate. Removing a name breaks whoever uses it.
test("the names of the entry", () => {
  expect(Object.keys(adapter).sort()).toMatchInlineSnapshot(`
    [
      "GatedToolError",
      "answerApprovals",
      "approvalOf",
      "createSpendTools",
      "gateActions",
      "gateTools",
      "holdpoint",
      "holdpointApproval",
      "parkApprovals",
      "resumeFromWebhook",
      "toErrorText",
    ]
  `);
});
