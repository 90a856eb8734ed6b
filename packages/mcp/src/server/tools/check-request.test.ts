import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { REFUND, readAnswer } from "../../testing/answer.js";
import { connectInMemory, type TestClient } from "../../testing/connect.js";
import { createHoldpointMcpServer } from "../create.js";

let plane: TestControlPlane;
let connected: TestClient;
beforeEach(async () => {
  plane = await createTestControlPlane();
  const { apiKey, url: baseUrl, fetch } = plane;
  connected = await connectInMemory(createHoldpointMcpServer({ apiKey, baseUrl, fetch }));
});
afterEach(async () => {
  await connected[Symbol.asyncDispose]();
  await plane.close();
});

const check = async (args: object) =>
  readAnswer(await connected.client.callTool({ name: "check_request", arguments: { ...args } }));

describe("check_request", () => {
  test("waits for the answer, whoever asked", async () => {
    const { id, url } = await plane.client().defer(REFUND);
    const answer = check({ request_id: id });
    await plane.approve(id);
    expect((await answer).data).toEqual({
      status: "APPROVED",
      request_id: id,
      approved_payload: REFUND.payload,
      url,
    });
  });

  test("50 at once, of 50 requests, each get their own answer", async () => {
    const hp = plane.client();
    const ids = await Promise.all(
      Array.from({ length: 50 }, async (_, amount) => {
        const { id } = await hp.defer({ ...REFUND, payload: { amount } });
        return id;
      }),
    );
    const answers = ids.map((id) => check({ request_id: id }));
    await Promise.all(ids.map((id) => plane.approve(id)));
    for (const [amount, answer] of (await Promise.all(answers)).entries()) {
      expect(answer.data).toMatchObject({
        request_id: ids[amount],
        approved_payload: { amount },
      });
    }
  });

  test("[G4] wait_ms 0 looks only", async () => {
    const { id } = await plane.client().defer(REFUND);
    const { text, isError } = await check({ request_id: id, wait_ms: 0 });
    expect(text).toMatch(/^PENDING:/);
    expect(isError).toBe(false);
  });

  test("a rejection reads as in ask_human", async () => {
    const { id } = await plane.client().defer(REFUND);
    await plane.reject(id, { reason: "Over budget." });
    const { text, isError } = await check({ request_id: id });
    expect(text).toMatch(/^ACTION_REJECTED: a person rejected billing \/ refund/);
    expect(text).toContain("Over budget.");
    expect(isError).toBe(true);
  });

  test.each([
    ["an id that does not exist", { request_id: "req_00000000000000000000000000" }],
    ["an id that is none", { request_id: "../../v1/operators" }],
    ["a wait beyond the bound", { request_id: "req_x", wait_ms: 60_000 }],
    ["no id", {}],
  ])("[G4] %s is an error for the model", async (_, args) => {
    const { text, isError, data } = await check(args);
    expect(isError).toBe(true);
    expect(text).toMatch(/^(ERROR: there is no approval|Input validation error)/);
    expect(data).toBeUndefined();
  });

  test("[G5] another agent's request is not found", async () => {
    const apiKey = await plane.createApiKey("another-agent");
    const { id } = await plane.client({ apiKey }).defer(REFUND);
    expect((await check({ request_id: id })).text).toContain("REQUEST_NOT_FOUND");
  });
});
