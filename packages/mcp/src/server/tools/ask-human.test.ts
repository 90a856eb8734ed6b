import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { REFUND, type ReadAnswer, readAnswer } from "../../testing/answer.js";
import { type ConnectOptions, connectInMemory, type TestClient } from "../../testing/connect.js";
import { createHoldpointMcpServer } from "../create.js";
import type { HoldpointMcpServerOptions } from "../options.js";

let plane: TestControlPlane;
const open: TestClient[] = [];
beforeEach(async () => {
  plane = await createTestControlPlane();
});
afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
  await plane.close();
});

async function connect(
  options: HoldpointMcpServerOptions = {},
  client?: ConnectOptions,
): Promise<TestClient> {
  const { apiKey, url: baseUrl, fetch } = plane;
  const factory = createHoldpointMcpServer({ apiKey, baseUrl, fetch, waitMs: 5_000, ...options });
  const connected = await connectInMemory(factory, client);
  open.push(connected);
  return connected;
}

const ask = async ({ client }: TestClient, more: object = {}, options = {}) =>
  readAnswer(
    await client.callTool({ name: "ask_human", arguments: { ...REFUND, ...more } }, options),
  );
const check = async ({ client }: TestClient, args: object) =>
  readAnswer(await client.callTool({ name: "check_request", arguments: { ...args } }));

describe.each(["legacy", "modern"] as const)("%s client", (era) => {
  test("an approval begins with APPROVED and holds what may run", async () => {
    const client = await connect({}, { era });
    const answer = ask(client, { priority: "high", role: "finance", timeout_ms: 60_000 });
    const request = await plane.waitForRequest();
    expect(request).toMatchObject({ ...REFUND, priority: "high", role: "finance" });
    expect(request.metadata).toEqual({ mcp_client: "test-client 1.0.0" });
    await plane.approve(request.id, { reason: "Go ahead." });
    const { text, isError, data } = await answer;
    expect(isError).toBe(false);
    expect(text).toMatch(/^APPROVED: billing \/ refund may run once, with exactly this payload:\n/);
    expect(text).toContain(JSON.stringify(REFUND.payload));
    expect(text).toContain("The person's comment: Go ahead.");
    expect(text).toContain("if you were told of it before and have run it, do not run it again");
    expect(data).toEqual({
      status: "APPROVED",
      request_id: request.id,
      approved_payload: REFUND.payload,
      reason: "Go ahead.",
      url: request.url,
    });
  });

  test("an edit begins with APPROVED WITH CHANGES and holds the edit and the diff", async () => {
    const client = await connect({}, { era });
    const answer = ask(client);
    const { id } = await plane.waitForRequest();
    await plane.approve(id, { patch: { order: "o_7", amount: 5_000 } });
    const { text, isError, data } = await answer;
    expect(isError).toBe(false);
    expect(text).toMatch(/^APPROVED WITH CHANGES: /);
    expect(text).toContain('{"order":"o_7","amount":5000}');
    expect(text).toContain('"path":"/amount"');
    expect(data).toMatchObject({
      status: "APPROVED_WITH_MODIFICATIONS",
      approved_payload: { order: "o_7", amount: 5_000 },
      diff: { changes: [{ path: "/amount" }] },
    });
  });

  test("a rejection begins with ACTION_REJECTED, has the reason, and says not to retry", async () => {
    const client = await connect({}, { era });
    const answer = ask(client);
    const { id } = await plane.waitForRequest();
    await plane.reject(id, { reason: "Over budget." });
    const { text, isError, data } = await answer;
    expect(isError).toBe(true);
    expect(text).toMatch(/^ACTION_REJECTED: a person rejected billing \/ refund\. Do not run it\./);
    expect(text).toContain("The person's reason: Over budget.");
    expect(text).toContain("Do not retry this action");
    expect(data).toMatchObject({ status: "REJECTED", request_id: id, reason: "Over budget." });
    expect(data).not.toHaveProperty("approved_payload");
  });

  test("[G4] nobody's answer in time is a rejection that says so", async () => {
    const client = await connect({}, { era });
    const answer = ask(client, { timeout_ms: 3_600_000 });
    await plane.waitForRequest();
    await plane.clock.advance(3_600_000);
    const { text, isError, data } = await answer;
    expect(isError).toBe(true);
    expect(text).toMatch(/^ACTION_REJECTED: nobody decided billing \/ refund in time/);
    expect(data).toMatchObject({ status: "EXPIRED" });
  });

  test("[G4] a request that was withdrawn is a rejection too", async () => {
    const client = await connect({}, { era });
    const answer = ask(client);
    const { id } = await plane.waitForRequest();
    await plane.client().requests.cancel(id);
    const { text, isError, data } = await answer;
    expect(isError).toBe(true);
    expect(text).toMatch(/^ACTION_REJECTED: the request for billing \/ refund was cancelled/);
    expect(data).toMatchObject({ status: "CANCELLED" });
  });

  test("[G4] while nobody has decided it answers PENDING with what to call next", async () => {
    const client = await connect({ waitMs: 0 }, { era });
    const { text, isError, data } = await ask(client);
    const { id, url } = await plane.waitForRequest();
    expect(isError).toBe(false);
    expect(text).toMatch(
      /^PENDING: a person has to decide billing \/ refund first, and at \S+Z nobody had\. It is not approved/,
    );
    expect(text).toContain(`call check_request with {"request_id":"${id}"}`);
    expect(text).toContain(url);
    expect(data).toEqual({ status: "PENDING", request_id: id, url });
    await plane.approve(id);
    expect(await check(client, { request_id: id })).toMatchObject({
      isError: false,
      text: expect.stringMatching(/^APPROVED: billing \/ refund may run once/),
    });
  });

  test("reports progress while it waits, to those who ask for it", async () => {
    const client = await connect({ progressIntervalMs: 20 }, { era });
    const seen: number[] = [];
    const answer = new Promise<ReadAnswer>((resolve, reject) => {
      const onprogress = async ({ progress, message }: { progress: number; message?: string }) => {
        expect(message).toBe("Waiting for a person to decide billing / refund");
        seen.push(progress);
        if (seen.length === 3) await plane.approve((await plane.waitForRequest()).id);
      };
      ask(client, {}, { onprogress }).then(resolve, reject);
    });
    expect((await answer).data).toMatchObject({ status: "APPROVED" });
    expect(seen).toEqual([...new Set(seen)].sort((one, other) => one - other));
  });

  test("a call that is cancelled stops waiting and leaves the request open", async () => {
    const client = await connect({}, { era });
    const cancel = new AbortController();
    const answer = ask(client, {}, { signal: cancel.signal });
    const { id } = await plane.waitForRequest();
    cancel.abort("The user pressed stop.");
    await expect(answer).rejects.toThrow();
    // The same question, asked again: the same request, and no second one.
    const again = ask(client);
    await plane.approve(id);
    expect((await again).data).toMatchObject({ status: "APPROVED", request_id: id });
    expect(await plane.pending()).toEqual([]);
  });

  test("a call that the client gave up is found again, also when it was decided meanwhile", async () => {
    const client = await connect({}, { era });
    const lost = ask(client, {}, { timeout: 1_500 });
    const { id } = await plane.waitForRequest();
    await expect(lost).rejects.toThrow();
    await plane.approve(id);
    const { order, amount } = REFUND.payload;
    const { data } = await ask(client, { payload: { amount, order } });
    expect(data).toMatchObject({ status: "APPROVED", request_id: id });
    // Its answer was handed over, so the same question is a new one now.
    const next = ask(client);
    const second = await plane.waitForRequest();
    expect(second.id).not.toBe(id);
    await plane.reject(second.id);
    await next;
  });
});

describe("one question, one request", () => {
  test("another session with the same question makes its own request", async () => {
    const [one, other] = [await connect({ waitMs: 0 }), await connect({ waitMs: 0 })];
    const ids = [await ask(one), await ask(one), await ask(other)].map(
      ({ data }) => data?.request_id,
    );
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  test.each([
    ["idempotency_key", { idempotency_key: "order-7-refund" }],
    ["run_id", { run_id: "run-1" }],
  ])("with %s it is one in every process, before and after the answer", async (_, named) => {
    const [one, other] = [await connect({ waitMs: 0 }), await connect({ waitMs: 0 })];
    const { data } = await ask(one, named);
    expect((await ask(other, named)).data).toEqual(data);
    await plane.reject(String(data?.request_id), { reason: "No." });
    expect((await ask(one, named)).text).toMatch(/^ACTION_REJECTED:/);
    expect((await ask(other, named)).text).toMatch(/^ACTION_REJECTED:/);
    expect(await plane.pending()).toEqual([]);
  });

  test("a run named at the start holds for all calls, and another run asks anew", async () => {
    const [one, other] = [
      await connect({ waitMs: 0, runId: "run-1" }),
      await connect({ waitMs: 0, runId: "run-1" }),
    ];
    const first = await ask(one);
    expect((await ask(other)).data).toEqual(first.data);
    expect((await ask(other, { run_id: "run-2" })).data).not.toEqual(first.data);
    expect((await plane.request(String(first.data?.request_id))).run_id).toBe("run-1");
  });

  test("[G2] a key used for something else is an error, and no approval", async () => {
    const client = await connect({ waitMs: 0 });
    const named = { idempotency_key: "k" };
    const { data } = await ask(client, named);
    await plane.approve(String(data?.request_id));
    const { text, isError } = await ask(client, { ...named, payload: { order: "o_7", amount: 1 } });
    expect(isError).toBe(true);
    expect(text).toMatch(/^ERROR: there is no approval/);
    expect(text).toContain("IDEMPOTENCY_CONFLICT");
  });

  test("50 calls at once with the same question make one request", async () => {
    const client = await connect();
    const calls = Array.from({ length: 50 }, () => ask(client));
    const { id } = await plane.waitForRequest();
    await plane.approve(id);
    const answers = await Promise.all(calls);
    expect(new Set(answers.map(({ data }) => data?.request_id))).toEqual(new Set([id]));
  });
});
