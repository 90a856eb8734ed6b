import { isId, LIMITS } from "@holdpoint/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { samples } from "../routes/testing/samples.js";
import { codeOf, newRequest, type Reply, World } from "../routes/testing/world.js";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.controlPlane.close());

let keys = 0;
let key = "";
beforeEach(() => {
  keys += 1;
  key = `key-${keys}`;
});

type As = "admin" | "agent" | "otherAgent" | "foreignAdmin" | "writeOnlyAgent" | "approver";

function post(path: string, body: unknown, as: As = "admin", under = key): Promise<Reply> {
  return world.call("POST", path, { as, body, headers: { "idempotency-key": under } });
}

async function count(path: string): Promise<number> {
  return (await world.call("GET", path, { as: "admin" })).body.data.length;
}

const isReplay = ({ headers }: Reply) => headers.get("idempotent-replayed") === "true";

/** Every operation that takes a key, and where what it makes is listed. */
const MAKERS = [
  ["createRequest", "agent", "/v1/requests?limit=100"],
  ["createApiKey", "admin", "/v1/api-keys"],
  ["createOperatorToken", "admin", "/v1/operator-tokens"],
  ["inviteOperator", "admin", "/v1/operators"],
  ["createProject", "admin", undefined],
  ["createSignInLink", "admin", undefined],
  ["createEnrolment", "admin", undefined],
  ["createWebhookEndpoint", "admin", "/v1/webhook-endpoints"],
  ["testWebhookEndpoint", "admin", "/v1/webhook-deliveries"],
] as const;

describe.each(MAKERS)("[P-IDEMPOTENCY] %s under a key", (operation, as, list) => {
  it("makes one thing and answers the same each time", async () => {
    const sample = await samples[operation]?.(world);
    const { path = "", body } = sample ?? {};
    const before = list === undefined ? 0 : await count(list);
    const first = await post(path, body, as);
    expect([first.status, isReplay(first)]).toEqual([201, false]);
    for (let again = 0; again < 3; again += 1) {
      const reply = await post(path, body, as);
      expect(isReplay(reply)).toBe(true);
      expect([reply.status, reply.body]).toEqual([first.status, first.body]);
    }
    if (list !== undefined) expect(await count(list)).toBe(before + 1);
  });
});

describe("[P-IDEMPOTENCY] a key", () => {
  const body = { agent: "twin" };

  it("makes one thing of 500 equal calls at once", async () => {
    const before = await count("/v1/api-keys");
    const replies = await Promise.all(
      Array.from({ length: 500 }, () => post("/v1/api-keys", body)),
    );
    const made = replies.filter(({ status }) => status === 201);
    const [original, ...others] = made.filter((reply) => !isReplay(reply));
    expect(others).toEqual([]);
    for (const reply of made) expect(reply.body).toEqual(original?.body);
    for (const reply of replies.filter(({ status }) => status !== 201)) {
      expect(codeOf(reply)).toBe("IDEMPOTENCY_IN_FLIGHT");
      expect([reply.status, reply.headers.get("retry-after")]).toEqual([409, "1"]);
    }
    expect(await count("/v1/api-keys")).toBe(before + 1);
    expect((await post("/v1/api-keys", body)).body).toEqual(original?.body);
  });

  it("gives 500 conflicting calls at once one winner", async () => {
    const before = await count("/v1/api-keys");
    const replies = await Promise.all(
      Array.from({ length: 500 }, (_, index) => post("/v1/api-keys", { agent: `agent-${index}` })),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    const refused = replies.filter(({ status }) => status === 422);
    expect(refused).toHaveLength(499);
    for (const reply of refused) expect(codeOf(reply)).toBe("IDEMPOTENCY_CONFLICT");
    expect(await count("/v1/api-keys")).toBe(before + 1);
  });

  it("takes a body for the same however its members are ordered", async () => {
    const first = await post("/v1/api-keys", { agent: "a", scopes: ["requests:read"] });
    const again = await post("/v1/api-keys", { scopes: ["requests:read"], agent: "a" });
    expect(again.body).toEqual(first.body);
  });

  it("belongs to its owner, project and path", async () => {
    const replies = [
      await post("/v1/api-keys", body),
      await post("/v1/api-keys", body, "foreignAdmin"),
      await post("/v1/operator-tokens", { name: "laptop" }),
      await post("/v1/operator-tokens", { name: "laptop" }, "approver"),
      await post("/v1/requests", newRequest(), "agent"),
      await post("/v1/requests", newRequest(), "otherAgent"),
    ];
    expect(replies.map(({ status }) => status)).toEqual(Array(6).fill(201));
    expect(replies.some(isReplay)).toBe(false);
  });

  it("is the agent's, whichever of its keys it calls with", async () => {
    const request = newRequest();
    const first = await post("/v1/requests", request, "agent");
    const again = await post("/v1/requests", request, "writeOnlyAgent");
    expect([isReplay(again), again.body]).toEqual([true, first.body]);
  });

  it("answers a refusal again, word for word", async () => {
    const taken = newRequest({ id: (await world.ask()).id, action: "other" });
    const first = await post("/v1/requests", taken, "agent");
    const again = await post("/v1/requests", taken, "agent");
    expect(codeOf(first)).toBe("REQUEST_ID_CONFLICT");
    expect([isReplay(again), again.status, again.body]).toEqual([true, 409, first.body]);
    expect(again.headers.get("content-type")).toBe("application/problem+json");
  });

  it("is not used up by input that is not valid", async () => {
    expect(codeOf(await post("/v1/api-keys", { agent: "" }))).toBe("VALIDATION_FAILED");
    expect((await post("/v1/api-keys", body)).status).toBe(201);
  });

  it("opens nothing to whoever may not call", async () => {
    await post("/v1/api-keys", body);
    const reply = await post("/v1/api-keys", body, "approver");
    expect([codeOf(reply), isReplay(reply)]).toEqual(["ROLE_REQUIRED", false]);
  });

  it.each(["", "two words", "x".repeat(LIMITS.idempotencyKeyLength + 1), "schlüssel"])(
    "like %j is refused",
    async (bad) => {
      const reply = await post("/v1/api-keys", body, "admin", bad);
      expect(codeOf(reply)).toBe("VALIDATION_FAILED");
      expect(reply.body.issues[0].path).toBe("Idempotency-Key");
    },
  );

  it("of the longest length is taken", async () => {
    const longest = "x".repeat(LIMITS.idempotencyKeyLength);
    expect((await post("/v1/api-keys", body, "admin", longest)).status).toBe(201);
  });

  it("means nothing where nothing is made", async () => {
    const { id } = await world.ask();
    const cancel = () => post(`/v1/requests/${id}/cancel`, undefined, "agent");
    expect([isReplay(await cancel()), isReplay(await cancel())]).toEqual([false, false]);
  });
});

describe("without a key", () => {
  it("each call makes its own", async () => {
    const replies = await Promise.all(
      [1, 2].map(() => world.call("POST", "/v1/api-keys", { as: "admin", body: { agent: "x" } })),
    );
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(2);
    for (const { body } of replies) expect(isId("apiKey", body.id)).toBe(true);
  });
});
