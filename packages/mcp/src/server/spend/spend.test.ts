import type { Holdpoint } from "@holdpoint/sdk";
import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ReadAnswer, readAnswer } from "../../testing/answer.js";
import { connectInMemory, type TestClient } from "../../testing/connect.js";
import { createHoldpointMcpServer } from "../create.js";
import type { HoldpointMcpServerOptions } from "../options.js";

const ASKED = { amount: "12.50", currency: "EUR", category: "cloud", merchant_name: "ACME" };

let plane: TestControlPlane;
let hp: Holdpoint;
const connections: TestClient[] = [];
beforeEach(async () => {
  plane = await createTestControlPlane();
  hp = plane.client();
});
afterEach(async () => {
  for (const connected of connections.splice(0)) await connected[Symbol.asyncDispose]();
  await plane.close();
});

async function connect(options: HoldpointMcpServerOptions = {}) {
  const { apiKey, url: baseUrl, fetch } = plane;
  const factory = createHoldpointMcpServer({ apiKey, baseUrl, fetch, waitMs: 0, ...options });
  const connected = await connectInMemory(factory);
  connections.push(connected);
  const { client } = connected;
  return async (name: string, args: object, signal?: AbortSignal): Promise<ReadAnswer> =>
    readAnswer(
      await client.callTool({ name, arguments: { ...args } }, signal ? { signal } : undefined),
    );
}

const idOf = ({ data }: ReadAnswer) => data?.request_id as string;

describe("[S-TOOL] spending over MCP", () => {
  test("asks, is told the decision, and confirms", async () => {
    const call = await connect({ waitMs: 20_000 });
    const asked = await call("request_purchase", ASKED);
    expect(asked.text).toMatch(/^WAIT: .*12\.50 EUR at ACME/);
    expect(asked.isError).toBe(false);
    expect(asked.data).toMatchObject({ status: "pending", amount: "12.50", merchant_name: "ACME" });
    const checked = call("check_purchase", { request_id: idOf(asked) });
    await plane.approve(idOf(asked), { reason: "Fine." });
    expect(await checked).toMatchObject({
      text: expect.stringMatching(/^APPROVED: pay at most 12\.50 EUR at ACME[\s\S]*Fine\./),
      data: { status: "approved", approved_amount: "12.50", reason: "Fine." },
    });
    const paid = { request_id: idOf(asked), success: true, actual_amount: "11.99" };
    expect(await call("confirm_purchase", paid)).toMatchObject({
      text: expect.stringMatching(/^CONFIRMED: /),
      data: { status: "completed", actual_amount: "11.99" },
    });
    expect(await hp.spend.get(idOf(asked))).toMatchObject({ hold: "SETTLED" });
    const { text, data } = await call("check_budget", {});
    expect(text).toMatch(/^BUDGET: /);
    expect(data).toMatchObject({ policies: [], categories: expect.any(Array) });
    const spent = { allocated: null, held: "0.00", spent: "11.99" };
    expect(data?.budgets).toContainEqual(expect.objectContaining({ scope: "agent", ...spent }));
  });

  test("STOP, as an error of the tool, when a person rejects", async () => {
    const call = await connect();
    const request_id = idOf(await call("request_purchase", ASKED));
    await plane.reject(request_id, { reason: "Not on a Friday." });
    const { text, isError, data } = await call("check_purchase", { request_id });
    expect(text).toMatch(/^STOP: [\s\S]*Not on a Friday\./);
    expect(isError).toBe(true);
    expect(data).toMatchObject({ status: "rejected" });
  });

  test("WAIT says each time when it was looked", async () => {
    const call = await connect();
    const request_id = idOf(await call("request_purchase", ASKED));
    const { text } = await call("check_purchase", { request_id });
    expect(text).toMatch(/^WAIT: [\s\S]*\nAt 20\S+Z nobody had decided\.$/);
  });

  test.each([
    ["a number as amount", { ...ASKED, amount: 12.5 }],
    ["an amount below nothing", { ...ASKED, amount: "-12.50" }],
    ["NaN", { ...ASKED, amount: "NaN" }],
    ["a currency that is none", { ...ASKED, currency: "EURO" }],
    ["something it does not know", { ...ASKED, id: "req_00000000000000000000000000" }],
    ["nothing", {}],
  ])("%s: ERROR, and nothing is reserved", async (_name, args) => {
    const call = await connect();
    const { text, isError, data } = await call("request_purchase", args);
    expect(text).toMatch(/^ERROR: no purchase was made, so do not pay\./);
    expect(isError).toBe(true);
    expect(data).toBeUndefined();
    expect((await hp.spend.list()).data).toEqual([]);
  });

  test("what a host puts for what its model left out is left out", async () => {
    const call = await connect();
    const { text } = await call("request_purchase", { ...ASKED, payee: null, comment: null });
    expect(text).toMatch(/^WAIT: /);
  });

  test("[G5] another agent's purchase is not found", async () => {
    const apiKey = await plane.createApiKey("another-agent");
    const { merchant_name: merchantName, ...asked } = ASKED;
    const { requestId } = await plane.client({ apiKey }).spend.purchase({ ...asked, merchantName });
    const call = await connect();
    const said = { request_id: requestId };
    for (const [name, args] of [
      ["check_purchase", said],
      ["confirm_purchase", { ...said, success: true }],
    ] as const) {
      expect((await call(name, args)).text).toMatch(/^ERROR: [\s\S]*\(PURCHASE_NOT_FOUND\)/);
    }
  });

  test.each([
    ["request_purchase", ASKED, "no purchase was made, so do not pay"],
    ["check_purchase", { request_id: "req_00000000000000000000000000" }, "do not pay"],
    ["confirm_purchase", { request_id: "req_0", success: true }, "this is not confirmed"],
    ["check_budget", {}, "the budget could not be read"],
  ])("[G4] %s without a control plane: ERROR", async (name, args, said) => {
    const fetch = () => Promise.reject(new TypeError("fetch failed"));
    const call = await connect({ fetch, maxRetries: 0 });
    const { text, isError } = await call(name, args);
    expect(text).toMatch(/^ERROR: /);
    expect(text).toContain(said);
    expect(isError).toBe(true);
  });
});

describe("[S-ONCE] the same purchase", () => {
  test("is one while nobody has decided, and a new one afterwards", async () => {
    const call = await connect();
    const first = await call("request_purchase", ASKED);
    const again = await call("request_purchase", { ...ASKED, merchant_name: "ACME" });
    expect(idOf(again)).toBe(idOf(first));
    await plane.approve(idOf(first));
    const told = await call("request_purchase", ASKED);
    expect(told.text).toMatch(/^APPROVED: /);
    expect(idOf(told)).toBe(idOf(first));
    expect(idOf(await call("request_purchase", ASKED))).not.toBe(idOf(first));
  });

  test("is another one for another session, and the same in a run", async () => {
    const [one, other] = [await connect(), await connect()];
    const ids = [await one("request_purchase", ASKED), await other("request_purchase", ASKED)];
    expect(new Set(ids.map(idOf)).size).toBe(2);
    const runId = "run-7";
    const [third, fourth] = [await connect({ runId }), await connect({ runId })];
    const made = await third("request_purchase", ASKED);
    expect(idOf(await fourth("request_purchase", ASKED))).toBe(idOf(made));
    expect(await plane.request(idOf(made))).toMatchObject({ run_id: runId });
  });

  test("is found again by a client that had given up the call", async () => {
    let isMade: () => void = () => {};
    const made = new Promise<void>((resolve) => {
      isMade = resolve;
    });
    let isGiven = false;
    // Reserves, and then does not say so: as a host's time-out looks from here.
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      const response = await plane.fetch(request.clone());
      if (isGiven || request.method !== "POST") return response;
      isGiven = true;
      isMade();
      return new Promise((_, reject) => {
        request.signal.addEventListener("abort", () => reject(request.signal.reason));
      });
    };
    const call = await connect({ fetch });
    const leaving = new AbortController();
    const given = call("request_purchase", ASKED, leaving.signal).catch(() => {});
    await made;
    leaving.abort();
    await given;
    const { text } = await call("request_purchase", ASKED);
    expect(text).toMatch(/^WAIT: /);
    expect((await hp.spend.list()).data).toHaveLength(1);
  });
});

test("tells of its waiting for as long as it waits, to clients that ask", async () => {
  const { apiKey, url: baseUrl, fetch } = plane;
  const options = { apiKey, baseUrl, fetch, progressIntervalMs: 10 };
  const connected = await connectInMemory(createHoldpointMcpServer(options));
  connections.push(connected);
  const { merchant_name: merchantName, ...asked } = ASKED;
  const { requestId } = await hp.spend.purchase({ ...asked, merchantName });
  const told: (string | undefined)[] = [];
  const params = { name: "check_purchase", arguments: { request_id: requestId } };
  const onprogress = ({ message }: { message?: string | undefined }) => void told.push(message);
  const checked = connected.client.callTool(params, { onprogress });
  await expect.poll(() => told.length).toBeGreaterThan(2);
  await plane.approve(requestId);
  expect(readAnswer(await checked).text).toMatch(/^APPROVED/);
  expect(new Set(told)).toEqual(new Set(["Waiting for a person to decide the purchase"]));
});

test("without them, where that was chosen", async () => {
  const { apiKey, url: baseUrl, fetch } = plane;
  const connected = await connectInMemory(
    createHoldpointMcpServer({ apiKey, baseUrl, fetch, spend: false }),
  );
  connections.push(connected);
  const { tools } = await connected.client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(["ask_human", "check_request", "list_pending"]);
  expect(connected.client.getInstructions()).not.toContain("request_purchase");
});
