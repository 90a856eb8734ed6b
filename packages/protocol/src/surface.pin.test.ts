import { expect, test } from "vitest";
import { ERROR_CODES } from "./codes.js";
import * as envelope from "./envelope/index.js";
import { ID_PREFIXES } from "./id.js";
import * as root from "./index.js";
import { LIMITS } from "./limits.js";
import * as schemas from "./schemas/index.js";
import * as state from "./state/index.js";
import {
  canExecutionTransition,
  canTransition,
  EXECUTION_STATUSES,
  REQUEST_STATUSES,
} from "./status.js";
import { API_KEY_SCOPES, BUILT_IN_ROLES, PRIORITIES, REQUEST_EVENT_TYPES } from "./wire.js";

// A red pin says: what others rely on changes here. Make it deliberate, with a changeset.

test("export names of the entries", () => {
  expect({
    root: Object.keys(root),
    schemas: Object.keys(schemas),
    envelope: Object.keys(envelope),
    state: Object.keys(state),
  }).toMatchInlineSnapshot(`
    {
      "envelope": [
        "importEnvelopeKey",
        "EnvelopeOpenError",
        "openEnvelope",
        "sealEnvelope",
      ],
      "root": [
        "documentationUrl",
        "ERROR_CODES",
        "ERROR_TITLES",
        "isErrorCode",
        "API_KEY_PREFIX",
        "formatApiKey",
        "OPERATOR_TOKEN_PREFIX",
        "projectOfApiKey",
        "diffPayload",
        "bindingText",
        "ENVELOPE_FIELDS",
        "inspectEnvelope",
        "isEnvelope",
        "ID_PREFIXES",
        "isId",
        "receiptIdOf",
        "canonicalJson",
        "digestJson",
        "isJsonObject",
        "LIMITS",
        "isEmptyPatch",
        "escapePointerSegment",
        "formatPointer",
        "parsePointer",
        "parseProblem",
        "hashSkeleton",
        "skeletonOf",
        "canExecutionTransition",
        "canTransition",
        "EXECUTION_STATUSES",
        "isApprovedStatus",
        "isFinalStatus",
        "isRequestStatus",
        "REQUEST_STATUSES",
        "API_KEY_SCOPES",
        "BUILT_IN_ROLES",
        "PRIORITIES",
        "REQUEST_EVENT_TYPES",
        "WEBHOOK_DELIVERY_STATUSES",
      ],
      "schemas": [
        "agentSchema",
        "apiKeySchema",
        "changeOperatorSchema",
        "createApiKeySchema",
        "createdApiKeySchema",
        "createdOperatorTokenSchema",
        "createOperatorTokenSchema",
        "createProjectSchema",
        "identitySchema",
        "invitedOperatorSchema",
        "inviteOperatorSchema",
        "operatorSchema",
        "operatorTokenSchema",
        "projectSchema",
        "signInLinkSchema",
        "claimSchema",
        "commitSchema",
        "executionSchema",
        "failSchema",
        "getExecutionSchema",
        "reconcileSchema",
        "renewSchema",
        "jsonObject",
        "jsonValue",
        "digestSchema",
        "executionStatusSchema",
        "idSchema",
        "lineSchema",
        "prioritySchema",
        "reasonSchema",
        "requestStatusSchema",
        "roleSchema",
        "timeSchema",
        "listSchema",
        "problemSchema",
        "listReceiptsSchema",
        "loggedReceiptSchema",
        "receiptSchema",
        "rotateSigningKeySchema",
        "signingKeySchema",
        "signingKeysSchema",
        "actorSchema",
        "changeSchema",
        "createRequestSchema",
        "decisionSchema",
        "diffSchema",
        "eventSchema",
        "getRequestSchema",
        "grantSchema",
        "listRequestsSchema",
        "payloadSchema",
        "requestSchema",
        "changeWebhookEndpointSchema",
        "createWebhookEndpointSchema",
        "listWebhookDeliveriesSchema",
        "secretWebhookEndpointSchema",
        "webhookDeliverySchema",
        "webhookEndpointSchema",
        "createStateSchema",
        "stateSchema",
      ],
      "state": [
        "decryptState",
        "encryptState",
        "StateOpenError",
        "encryptedStateBytes",
        "STATE_KEY_BYTES",
        "STATE_NONCE_PREFIX_BYTES",
        "STATE_SALT_BYTES",
        "STATE_SEGMENT_BYTES",
      ],
    }
  `);
});

test("error codes, their HTTP status and whether a retry may help", () => {
  const table = Object.entries(ERROR_CODES).map(
    ([code, { status, retryable }]) => `${code} ${status} ${retryable ? "retry" : "stop"}`,
  );
  expect(table).toMatchInlineSnapshot(`
    [
      "AUTHENTICATION_REQUIRED 401 stop",
      "CREDENTIAL_INVALID 401 stop",
      "PERMISSION_DENIED 403 stop",
      "SCOPE_MISSING 403 stop",
      "ROLE_REQUIRED 403 stop",
      "ORIGIN_NOT_ALLOWED 403 stop",
      "PROJECT_REQUIRED 400 stop",
      "BODY_MALFORMED 400 stop",
      "VALIDATION_FAILED 422 stop",
      "BODY_TOO_LARGE 413 stop",
      "PAYLOAD_TOO_LARGE 413 stop",
      "MEDIA_TYPE_UNSUPPORTED 415 stop",
      "SCHEMA_INVALID 422 stop",
      "PAYLOAD_INVALID 422 stop",
      "PATCH_EMPTY 422 stop",
      "PATCH_INVALID 422 stop",
      "ENVELOPE_INVALID 422 stop",
      "PLAINTEXT_REFUSED 422 stop",
      "ROUTE_NOT_FOUND 404 stop",
      "METHOD_NOT_ALLOWED 405 stop",
      "REQUEST_NOT_FOUND 404 stop",
      "RESOURCE_NOT_FOUND 404 stop",
      "ALREADY_DECIDED 409 stop",
      "REVISION_CONFLICT 409 stop",
      "REQUEST_ID_CONFLICT 409 stop",
      "RESOURCE_CONFLICT 409 stop",
      "IDEMPOTENCY_CONFLICT 422 stop",
      "IDEMPOTENCY_IN_FLIGHT 409 retry",
      "GRANT_INVALID 409 stop",
      "GRANT_EXPIRED 409 stop",
      "NOT_APPROVED 409 stop",
      "ARGUMENTS_CHANGED 409 stop",
      "EXECUTION_NOT_FOUND 404 stop",
      "EXECUTION_CLAIMED 409 stop",
      "EXECUTION_SETTLED 409 stop",
      "EXECUTION_LEASE_LOST 409 stop",
      "STATE_NOT_FOUND 404 stop",
      "STATE_NOT_UPLOADED 409 stop",
      "STATE_TOO_LARGE 413 stop",
      "STATE_URL_INVALID 403 stop",
      "WEBHOOK_URL_REFUSED 422 stop",
      "RECEIPT_NOT_FOUND 404 stop",
      "RATE_LIMITED 429 retry",
      "INTERNAL 500 retry",
      "UNAVAILABLE 503 retry",
      "CONFIGURATION_INVALID null stop",
      "SCHEMA_UNSUPPORTED null stop",
      "CONNECTION_FAILED null retry",
      "CONNECTION_TIMEOUT null retry",
      "RESPONSE_INVALID null stop",
      "WAIT_TIMEOUT null retry",
      "ENCRYPTION_KEY_INVALID null stop",
      "ENCRYPTION_FAILED null stop",
      "DECRYPTION_KEY_MISSING null stop",
      "DECRYPTION_FAILED null stop",
      "APPROVAL_REJECTED null stop",
      "APPROVAL_EXPIRED null stop",
      "APPROVAL_CANCELLED null stop",
      "OUTCOME_UNKNOWN null stop",
      "EXECUTION_FAILED null stop",
      "STATE_KEY_MISSING null stop",
      "STATE_DAMAGED null stop",
      "STATE_TRUNCATED null stop",
      "WEBHOOK_SIGNATURE_INVALID null stop",
      "WEBHOOK_TIMESTAMP_INVALID null stop",
      "WEBHOOK_REPLAYED null stop",
      "WEBHOOK_MALFORMED null stop",
      "RECEIPT_MALFORMED null stop",
      "RECEIPT_SIGNATURE_INVALID null stop",
      "RECEIPT_KEY_UNKNOWN null stop",
      "RECEIPT_KEY_RETIRED null stop",
      "RECEIPT_PROJECT_WRONG null stop",
      "RECEIPT_DIGEST_WRONG null stop",
      "RECEIPT_NOT_INCLUDED null stop",
      "CHECKPOINT_INVALID null stop",
      "LOG_FORKED null stop",
    ]
  `);
});

test("statuses and what may follow what", () => {
  const moves = REQUEST_STATUSES.flatMap((from) =>
    REQUEST_STATUSES.filter((to) => canTransition(from, to)).map((to) => `${from} → ${to}`),
  );
  const executionMoves = EXECUTION_STATUSES.flatMap((from) =>
    EXECUTION_STATUSES.filter((to) => canExecutionTransition(from, to)).map(
      (to) => `${from} → ${to}`,
    ),
  );
  expect({ REQUEST_STATUSES, moves, EXECUTION_STATUSES, executionMoves }).toMatchInlineSnapshot(`
    {
      "EXECUTION_STATUSES": [
        "NONE",
        "CLAIMED",
        "COMMITTED",
        "FAILED",
        "OUTCOME_UNKNOWN",
      ],
      "REQUEST_STATUSES": [
        "PENDING",
        "APPROVED",
        "APPROVED_WITH_MODIFICATIONS",
        "REJECTED",
        "EXPIRED",
        "CANCELLED",
      ],
      "executionMoves": [
        "NONE → CLAIMED",
        "CLAIMED → COMMITTED",
        "CLAIMED → FAILED",
        "CLAIMED → OUTCOME_UNKNOWN",
        "OUTCOME_UNKNOWN → CLAIMED",
        "OUTCOME_UNKNOWN → COMMITTED",
        "OUTCOME_UNKNOWN → FAILED",
      ],
      "moves": [
        "PENDING → APPROVED",
        "PENDING → APPROVED_WITH_MODIFICATIONS",
        "PENDING → REJECTED",
        "PENDING → EXPIRED",
        "PENDING → CANCELLED",
      ],
    }
  `);
});

test("words on the wire", () => {
  expect({
    ID_PREFIXES,
    PRIORITIES,
    API_KEY_SCOPES,
    BUILT_IN_ROLES,
    REQUEST_EVENT_TYPES,
  }).toMatchInlineSnapshot(`
    {
      "API_KEY_SCOPES": [
        "requests:read",
        "requests:write",
      ],
      "BUILT_IN_ROLES": [
        "viewer",
        "approver",
        "admin",
      ],
      "ID_PREFIXES": {
        "agent": "agt",
        "apiKey": "key",
        "event": "evt",
        "execution": "exe",
        "grant": "gnt",
        "operator": "usr",
        "operatorToken": "tok",
        "project": "prj",
        "receipt": "rcp",
        "request": "req",
        "state": "sta",
        "webhookDelivery": "whd",
        "webhookEndpoint": "whk",
      },
      "PRIORITIES": [
        "low",
        "medium",
        "high",
        "critical",
      ],
      "REQUEST_EVENT_TYPES": [
        "request.created",
        "request.approved",
        "request.rejected",
        "request.expired",
        "request.cancelled",
        "execution.claimed",
        "execution.committed",
        "execution.failed",
        "execution.outcome_unknown",
      ],
    }
  `);
});

test("limits", () => {
  expect(LIMITS).toMatchInlineSnapshot(`
    {
      "actionLength": 200,
      "agentLabelLength": 100,
      "bodyBytes": 1048576,
      "defaultLeaseMs": 60000,
      "defaultTimeoutMs": 86400000,
      "defaultWaitMs": 25000,
      "environmentLength": 64,
      "grantMs": 604800000,
      "idempotencyKeyLength": 255,
      "idempotencyRetentionMs": 2592000000,
      "jsonDepth": 64,
      "maxLeaseMs": 3600000,
      "maxPageSize": 100,
      "maxReceiptPageSize": 1000,
      "maxTimeoutMs": 2592000000,
      "maxWaitMs": 30000,
      "metadataBytes": 16384,
      "minLeaseMs": 1000,
      "minTimeoutMs": 1000,
      "nameLength": 100,
      "pageSize": 50,
      "payloadBytes": 262144,
      "reasonLength": 4000,
      "receiptPageSize": 100,
      "roleLength": 64,
      "runIdLength": 200,
      "schemaBytes": 131072,
      "serviceLength": 100,
      "stateBytes": 1200000000,
      "stateSegmentBytes": 1048576,
      "webhookEndpoints": 50,
      "webhookUrlLength": 2000,
    }
  `);
});

test("prefixes and texts that are signed, hashed or shown", () => {
  expect([
    root.API_KEY_PREFIX,
    root.OPERATOR_TOKEN_PREFIX,
    root.ENVELOPE_FIELDS,
    root.bindingText({ projectId: "prj_1", requestId: "req_1", field: "patch" }),
    root.documentationUrl("ALREADY_DECIDED"),
  ]).toMatchInlineSnapshot(`
    [
      "hp_",
      "hpo_",
      [
        "payload",
        "patch",
        "result",
        "error",
        "evidence",
        "witness",
        "state",
      ],
      "["holdpoint.envelope.v1","prj_1","req_1","patch"]",
      "https://github.com/holdpoint/holdpoint/blob/main/docs/reference/errors.md#already_decided",
    ]
  `);
});
