import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Operation } from "../http/operation.js";
import { operations } from "./index.js";
import { LeaseHolder } from "./testing/lease-holder.js";
import { samples } from "./testing/samples.js";
import { type Reply, World } from "./testing/world.js";

let world: World;
let holder: LeaseHolder;
beforeAll(async () => {
  world = await World.create();
  holder = await LeaseHolder.create(world);
  await samples.listShieldProfiles?.(world);
});
afterAll(() => world.controlPlane.close());

const AS = {
  createRequest: "agent",
  decideRequest: "admin",
  claimExecution: "agent",
  renewExecution: "agent",
  commitExecution: "agent",
  failExecution: "agent",
  reconcileExecution: "agent",
  registerAgentKey: "agent",
  openEscrow: "agent",
  fulfilEscrow: "agent",
  releaseEscrow: "agent",
  disputeEscrow: "agent",
  createPurchase: "agent",
  confirmPurchase: "agent",
  refundPurchase: "admin",
  setSpendPolicy: "admin",
  trySpendPolicy: "admin",
  setPolicy: "admin",
  checkPolicy: "viewer",
  tryPolicy: "viewer",
  explainPolicy: "viewer",
  setKillSwitch: "admin",
  setBudget: "admin",
  createOrganisation: "admin",
  changeOrganisation: "admin",
  createState: "agent",
  putRecords: "agent",
  createObservations: "agent",
  setShieldMode: "admin",
  setShieldSettings: "admin",
  reviewShieldStep: "approver",
  createProject: "admin",
  registerAction: "admin",
  setSecret: "admin",
  createWasmModule: "admin",
  executeAction: "lease",
  createLease: "agent",
  setAuthority: "admin",
  createEnrolment: "admin",
  enrolAgent: "agent",
  setAgentLimits: "admin",
  createApiKey: "admin",
  inviteOperator: "admin",
  changeOperator: "admin",
  createOperatorToken: "admin",
  rotateSigningKey: "admin",
  createWebhookEndpoint: "admin",
  changeWebhookEndpoint: "admin",
} as const;

/** Any JSON, and JSON that looks like a body but for one field. */
function bodies(sample: unknown) {
  const whole = fc.jsonValue({ maxDepth: 4 });
  const bent = fc
    .tuple(fc.constantFrom(...Object.keys(sample as object)), fc.jsonValue())
    .map(([name, value]) => ({ ...(sample as object), [name]: value }));
  const more = fc
    .tuple(fc.string(), fc.jsonValue())
    .map(([name, value]) => ({ ...(sample as object), [`x${name}`]: value }));
  return fc.oneof(whole, bent, more);
}

/** Half a surrogate pair has no way through UTF-8. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Cs}/gu, "\ufffd"));
}

function withoutUse({ last_used_at, ...kept }: Record<string, unknown>): object {
  return kept;
}

async function everything(): Promise<string> {
  const paths = [
    "/v1/requests?limit=100",
    "/v1/purchases?limit=100",
    "/v1/agent-keys",
    "/v1/escrows?limit=100",
    "/v1/api-keys",
    "/v1/operators",
    "/v1/operator-tokens",
    "/v1/agents",
    "/v1/webhook-endpoints",
    "/v1/observations",
    "/v1/shield",
    "/v1/shield/backups/steps",
    "/v1/spend-policies",
    "/v1/kill-switches",
    "/v1/budgets",
    "/v1/organisations",
    "/v1/actions",
    "/v1/secrets",
    "/v1/policies",
  ];
  const replies = await Promise.all([
    ...paths.map((path) => world.call("GET", path, { as: "admin" })),
    world.call("GET", "/v1/records", { as: "agent" }),
  ]);
  return JSON.stringify(replies.map(({ body }) => body.data.map(withoutUse)));
}

/** With the proof of a lease, where it takes one. */
function send(operation: Operation, path: string, rawBody: string): Promise<Reply> {
  const as = AS[operation.id as keyof typeof AS];
  const method = operation.method.toUpperCase();
  if (as !== "lease") return world.call(method, path, { as, rawBody });
  return world.call(method, path, {
    headers: holder.headers({ method, path, body: rawBody }),
    rawBody,
  });
}

describe.each(operations.filter(({ body }) => body !== undefined))("$method $path", (operation) => {
  it("answers any JSON without a 5xx, and stores nothing it refused", async () => {
    expect(AS[operation.id as keyof typeof AS], "who may call it").toBeDefined();
    const sample = await samples[operation.id]?.(world);
    await fc.assert(
      fc.asyncProperty(bodies(sample?.body), async (body) => {
        const before = await everything();
        const reply = await send(operation, sample?.path ?? "", JSON.stringify(body));
        expect(reply.status).toBeLessThan(500);
        if (reply.status >= 400) expect(await everything()).toBe(before);
      }),
      { numRuns: 60 },
    );
  });

  it("answers any bytes without a 5xx", async () => {
    const sample = await samples[operation.id]?.(world);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (rawBody) => {
        const reply = await send(operation, sample?.path ?? "", rawBody);
        expect(reply.status).toBeGreaterThanOrEqual(400);
        expect(reply.status).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
  });
});

describe("any path and query", () => {
  it.each(["GET", "POST", "PATCH", "DELETE"])("%s answers without a 5xx", async (method) => {
    const segment = fc.oneof(
      fc.constantFrom(
        "v1",
        "requests",
        "operators",
        "api-keys",
        "auth",
        "decision",
        "..",
        "%2e%2e",
      ),
      fc.webSegment(),
    );
    const query = fc.webQueryParameters();
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { maxLength: 4 }), query, async (segments, search) => {
        const path = `/${segments.join("/")}?${search}`;
        const reply = await world.call(method, path, { as: "admin" });
        expect(reply.status).toBeLessThan(500);
      }),
      { numRuns: 150 },
    );
  });

  it("any query of the list answers without a 5xx", async () => {
    const names = [
      "status",
      "priority",
      "service",
      "search",
      "cursor",
      "limit",
      "agent_id",
      "order",
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.string({ unit: "binary" }),
        async (name, value) => {
          const path = `/v1/requests?${name}=${encodeURIComponent(value)}`;
          const reply = await world.call("GET", path, { as: "admin" });
          expect(reply.status).toBeLessThan(500);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("any query of records answers without a 5xx", async () => {
    const names = ["key", "prefix", "before", "after", "order", "limit", "cursor"];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "DELETE"),
        fc.dictionary(fc.constantFrom(...names), fc.string({ unit: "binary" })),
        async (method, query) => {
          const path = `/v1/records?${new URLSearchParams(query)}`;
          const reply = await world.call(method, path, { as: "agent" });
          expect(reply.status).toBeLessThan(500);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("any service of the shield answers without a 5xx", async () => {
    const names = ["environment", "run_key", "action", "after", "is_first", "anomalous", "cursor"];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("", "/runs", "/steps"),
        fc.oneof(fc.constant("backups"), fc.string({ unit: "binary", minLength: 1 })),
        fc.dictionary(fc.constantFrom(...names), fc.string({ unit: "binary" })),
        async (list, service, query) => {
          const path = `/v1/shield/${percentEncoded(service)}${list}?${new URLSearchParams(query)}`;
          const reply = await world.call("GET", path, { as: "viewer" });
          expect(reply.status).toBeLessThan(500);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("any credential is refused without a 5xx", async () => {
    const text = fc.stringMatching(/^[\x20-\x7e]{0,80}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("", "Bearer ", "Bearer hp_", "Bearer hpo_"),
        text,
        async (prefix, rest) => {
          const authorization = `${prefix}${rest}`;
          const reply = await world.call("GET", "/v1/me", { headers: { authorization } });
          expect(reply.status).toBe(401);
        },
      ),
      { numRuns: 100 },
    );
  });
});
