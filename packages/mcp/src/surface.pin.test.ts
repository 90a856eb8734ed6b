import { createTestControlPlane } from "@holdpoint/testing";
import { expect, test } from "vitest";
import * as surface from "./index.js";
import { connectInMemory } from "./testing/connect.js";

test("the root entry exports exactly these values", () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "createHoldpointMcpServer",
    ]
  `);
});

test("the server offers exactly these tools", async () => {
  await using plane = await createTestControlPlane();
  const { apiKey, url: baseUrl, fetch } = plane;
  const factory = surface.createHoldpointMcpServer({ apiKey, baseUrl, fetch });
  await using connected = await connectInMemory(factory);
  const { tools } = await connected.client.listTools();
  const pinned = tools.map(({ name, annotations, inputSchema, outputSchema }) => ({
    name,
    hints: Object.keys(annotations ?? {}).filter((hint) => annotations?.[hint as "readOnlyHint"]),
    takes: Object.keys(inputSchema.properties ?? {}),
    needs: inputSchema.required ?? [],
    gives: Object.keys(outputSchema?.properties ?? {}),
  }));
  expect(pinned).toMatchInlineSnapshot(`
    [
      {
        "gives": [
          "status",
          "request_id",
          "approved_payload",
          "diff",
          "reason",
          "url",
        ],
        "hints": [
          "openWorldHint",
        ],
        "name": "ask_human",
        "needs": [
          "service",
          "action",
          "payload",
        ],
        "takes": [
          "service",
          "action",
          "payload",
          "priority",
          "role",
          "timeout_ms",
          "idempotency_key",
          "run_id",
        ],
      },
      {
        "gives": [
          "status",
          "request_id",
          "approved_payload",
          "diff",
          "reason",
          "url",
        ],
        "hints": [
          "readOnlyHint",
          "idempotentHint",
          "openWorldHint",
        ],
        "name": "check_request",
        "needs": [
          "request_id",
        ],
        "takes": [
          "request_id",
          "wait_ms",
        ],
      },
      {
        "gives": [
          "requests",
          "total",
        ],
        "hints": [
          "readOnlyHint",
          "idempotentHint",
          "openWorldHint",
        ],
        "name": "list_pending",
        "needs": [],
        "takes": [],
      },
      {
        "gives": [
          "status",
          "request_id",
          "amount",
          "approved_amount",
          "actual_amount",
          "currency",
          "category",
          "merchant_name",
          "payee",
          "budget_remaining",
          "checks",
          "reason",
          "url",
        ],
        "hints": [
          "openWorldHint",
        ],
        "name": "request_purchase",
        "needs": [
          "amount",
          "currency",
          "category",
        ],
        "takes": [
          "amount",
          "currency",
          "category",
          "merchant_name",
          "payee",
          "description",
          "comment",
        ],
      },
      {
        "gives": [
          "status",
          "request_id",
          "amount",
          "approved_amount",
          "actual_amount",
          "currency",
          "category",
          "merchant_name",
          "payee",
          "budget_remaining",
          "checks",
          "reason",
          "url",
        ],
        "hints": [
          "readOnlyHint",
          "idempotentHint",
          "openWorldHint",
        ],
        "name": "check_purchase",
        "needs": [
          "request_id",
        ],
        "takes": [
          "request_id",
        ],
      },
      {
        "gives": [
          "status",
          "request_id",
          "amount",
          "approved_amount",
          "actual_amount",
          "currency",
          "category",
          "merchant_name",
          "payee",
          "budget_remaining",
          "checks",
          "reason",
          "url",
        ],
        "hints": [
          "idempotentHint",
          "openWorldHint",
        ],
        "name": "confirm_purchase",
        "needs": [
          "request_id",
          "success",
        ],
        "takes": [
          "request_id",
          "success",
          "actual_amount",
          "receipt_url",
          "external_id",
        ],
      },
      {
        "gives": [
          "budgets",
          "policies",
          "categories",
        ],
        "hints": [
          "readOnlyHint",
          "idempotentHint",
          "openWorldHint",
        ],
        "name": "check_budget",
        "needs": [],
        "takes": [],
      },
    ]
  `);
});
