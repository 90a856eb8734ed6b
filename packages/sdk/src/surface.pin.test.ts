import { expect, test } from "vitest";
import * as adapter from "./adapter/index.js";
import * as sdk from "./index.js";
import { API_KEY } from "./test-kit/fixtures.js";

// A red pin says: make this deliberate. Removing a name breaks whoever uses it.
test("the names of the root entry", () => {
  expect(Object.keys(sdk).sort()).toMatchInlineSnapshot(`
    [
      "ActionDeniedError",
      "ActionFailedError",
      "AlreadyDecidedError",
      "ApprovalRejectedError",
      "ApprovalRequiredError",
      "AuthenticationError",
      "BudgetExhaustedError",
      "ConfigurationError",
      "ConflictError",
      "ConnectionError",
      "DecryptionError",
      "EncryptionError",
      "ExecutionFailedError",
      "GrantError",
      "Holdpoint",
      "HoldpointError",
      "IdempotencyConflictError",
      "InvalidResponseError",
      "LeaseExpiredError",
      "NotConnectedError",
      "NotFoundError",
      "NotPaidError",
      "OutcomeUnknownError",
      "PaymentChallengeError",
      "PermissionDeniedError",
      "PurchaseRejectedError",
      "RateLimitError",
      "ReceiptVerificationError",
      "ReplayDetectedError",
      "UnavailableError",
      "ValidationError",
      "WaitTimeoutError",
      "WebhookVerificationError",
      "createAgentWorkspace",
      "isFullySuccessful",
    ]
  `);
});

test("the names of the adapter entry", () => {
  expect(Object.keys(adapter).sort()).toMatchInlineSnapshot(`
    [
      "APPROVAL_DESCRIPTION",
      "APPROVAL_INPUT",
      "askForModel",
      "createGate",
      "createReplayMemory",
      "createResumeHandler",
      "describeChange",
      "describeDecision",
      "describeDenial",
      "describeError",
      "describePending",
      "describeSpendFailure",
      "gateActions",
      "parkTurn",
      "spendTools",
    ]
  `);
});

test("the calls of a client", () => {
  expect(Object.getOwnPropertyNames(sdk.Holdpoint.prototype)).toMatchInlineSnapshot(`
    [
      "constructor",
      "ask",
      "defer",
      "wait",
      "guard",
      "tool",
      "observe",
      "flush",
      "corrections",
      "me",
    ]
  `);
});

test("the calls of a client's money", () => {
  const hp = new sdk.Holdpoint({ apiKey: API_KEY });
  expect(Object.keys(hp.spend)).toMatchInlineSnapshot(`
    [
      "purchase",
      "get",
      "list",
      "wait",
      "confirm",
      "budget",
      "policy",
      "categories",
      "guard",
      "escrow",
      "x402Fetch",
    ]
  `);
});
