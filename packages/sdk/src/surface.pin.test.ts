import { expect, test } from "vitest";
import * as sdk from "./index.js";

// A red pin says: make this deliberate. Removing a name breaks whoever uses it.
test("the names of the root entry", () => {
  expect(Object.keys(sdk).sort()).toMatchInlineSnapshot(`
    [
      "AlreadyDecidedError",
      "ApprovalRejectedError",
      "ApprovalRequiredError",
      "AuthenticationError",
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
      "NotFoundError",
      "OutcomeUnknownError",
      "PaymentChallengeError",
      "PermissionDeniedError",
      "RateLimitError",
      "ReceiptVerificationError",
      "UnavailableError",
      "ValidationError",
      "WaitTimeoutError",
      "WebhookVerificationError",
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
