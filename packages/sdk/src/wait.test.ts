import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ConnectionError } from "./errors/connection.js";
import { ValidationError } from "./errors/validation.js";
import { WaitTimeoutError } from "./errors/wait.js";
import { Holdpoint } from "./holdpoint.js";
import type { WaitOptions } from "./requests/options.js";
import { fastForward, passUntil, until, useFakeTime } from "./test-kit/fake-time.js";
import {
  API_KEY,
  BASE_URL,
  decidedRequest,
  problem,
  REQUEST_ID,
  wireRequest,
} from "./test-kit/fixtures.js";
import { type Reply, type SentCall, scriptFetch, silence } from "./test-kit/scripted-fetch.js";

const REFUND = { service: "billing", action: "refund", payload: { amount: 500 }, id: REQUEST_ID };
const OUTAGE = new TypeError("fetch failed");
const reason = { any: "value" };

/** Holds as long as it is asked to, as the control plane does. */
function hold(call: SentCall): Promise<Response> {
  const waitMs = Number(call.url.searchParams.get("wait_ms"));
  const held = new Promise<Response>((resolve) => {
    setTimeout(() => resolve(Response.json(wireRequest())), waitMs);
  });
  return Promise.race([held, silence(call)]);
}

function connect(replies: readonly Reply[], options: object = {}) {
  const { calls, fetch } = scriptFetch(...replies);
  const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch, ...options });
  const paths = () =>
    calls.map(({ method, url }) => `${method} ${url.pathname.replace(/.*02q/, "")}${url.search}`);
  return { calls, hp, paths };
}

/**
 * From the first call to the last. What follows is real work, such as digests, during which fake
 * time passes as it likes.
 */
function sendingMs(calls: readonly SentCall[]): number {
  return (calls.at(-1)?.sentAtMs ?? 0) - (calls[0]?.sentAtMs ?? 0);
}

// Loading takes real time, in which fake time would pass.
beforeAll(() => import("./requests/index.js"));
beforeEach(useFakeTime);
afterEach(() => void vi.useRealTimers());

describe("wait", () => {
  test("holds one call after the other, at once", async () => {
    const { calls, hp, paths } = connect([hold, hold, decidedRequest("APPROVED")]);
    const { result } = await fastForward(hp.wait(REQUEST_ID));
    expect(result).toMatchObject({ approved: true });
    expect(paths()).toEqual(["GET ?wait_ms=25000", "GET ?wait_ms=25000", "GET ?wait_ms=25000"]);
    expect(sendingMs(calls)).toBeLessThan(50_100);
  });

  test("ends at its deadline, asking for no more than what is left", async () => {
    const { calls, hp, paths } = connect([hold]);
    const { result, tookMs } = await fastForward(hp.wait(REQUEST_ID, { timeoutMs: 30_000 }));
    expect(result).toBeInstanceOf(WaitTimeoutError);
    expect(result).toMatchObject({ code: "WAIT_TIMEOUT", retryable: true, requestId: REQUEST_ID });
    expect(paths()).toHaveLength(2);
    expect(Number(calls[1]?.url.searchParams.get("wait_ms"))).toBeLessThanOrEqual(5_000);
    expect(tookMs).toBeLessThan(30_100);
  });

  test("goes on through an outage once the control plane has answered", async () => {
    const outage = Array.from({ length: 12 }, (_, n) =>
      n % 2 ? OUTAGE : problem(503, "UNAVAILABLE"),
    );
    const { hp } = connect([hold, ...outage, decidedRequest("REJECTED")]);
    const { result } = await fastForward(hp.wait(REQUEST_ID));
    expect(result).toMatchObject({ approved: false, status: "REJECTED" });
  });

  test("goes on through an outage of its first call when an earlier call was answered", async () => {
    const outage = Array.from({ length: 12 }, () => OUTAGE);
    const { hp } = connect([wireRequest(), ...outage, decidedRequest("REJECTED")]);
    await hp.requests.get(REQUEST_ID);
    const { result } = await fastForward(hp.wait(REQUEST_ID));
    expect(result).toMatchObject({ approved: false, status: "REJECTED" });
  });

  test("an outage up to the deadline is the timeout's cause", async () => {
    const { hp } = connect([hold, OUTAGE]);
    const { result, tookMs } = await fastForward(hp.wait(REQUEST_ID, { timeoutMs: 60_000 }));
    expect(result).toMatchObject({ code: "WAIT_TIMEOUT", cause: { code: "CONNECTION_FAILED" } });
    expect(tookMs).toBeGreaterThanOrEqual(60_000);
    expect(tookMs).toBeLessThan(60_200);
  });

  test("an outage that is over is not", async () => {
    const { hp } = connect([hold, OUTAGE, hold]);
    const { result } = await fastForward(hp.wait(REQUEST_ID, { timeoutMs: 60_000 }));
    expect(result).toMatchObject({ code: "WAIT_TIMEOUT" });
    expect((result as Error).cause).toBeUndefined();
  });

  test("gives up a control plane that never answered: a wrong URL must show", async () => {
    const { calls, hp } = connect([OUTAGE]);
    const { result } = await fastForward(hp.wait(REQUEST_ID));
    expect(result).toBeInstanceOf(ConnectionError);
    expect(calls).toHaveLength(4);
  });

  test("honours Retry-After", async () => {
    const busy = new Response("{}", { status: 429, headers: { "retry-after": "30" } });
    const { hp } = connect([busy, decidedRequest("APPROVED")]);
    const { tookMs } = await fastForward(hp.wait(REQUEST_ID));
    expect(tookMs).toBeGreaterThanOrEqual(30_000);
  });

  test.each([
    [400, "VALIDATION_FAILED"],
    [401, "CREDENTIAL_INVALID"],
    [403, "PERMISSION_DENIED"],
    [404, "REQUEST_NOT_FOUND"],
    [410, "GONE"],
    [422, "VALIDATION_FAILED"],
  ])("stops for good on HTTP %i", async (status, code) => {
    const { calls, hp } = connect([hold, problem(status, code)]);
    const { result } = await fastForward(hp.wait(REQUEST_ID));
    expect(result).toMatchObject({ status, retryable: false });
    expect(calls).toHaveLength(2);
  });

  test("a server that does not hold is not stormed", async () => {
    const { calls, hp } = connect([wireRequest()]);
    await fastForward(hp.wait(REQUEST_ID, { timeoutMs: 60_000 }));
    expect(calls.length).toBeLessThan(20);
  });

  test("a server that goes silent is given up after the time it was to hold, with a margin", async () => {
    const { calls, hp } = connect([silence, decidedRequest("APPROVED")]);
    const { result } = await fastForward(hp.wait(REQUEST_ID));
    expect(result).toMatchObject({ approved: true });
    expect(sendingMs(calls)).toBeGreaterThanOrEqual(35_000);
    expect(sendingMs(calls)).toBeLessThan(36_000);
  });

  test.each<[string, string, WaitOptions]>([
    ["an id that is none", "req_1", {}],
    ["a path as id", "../me", {}],
    ["no time", REQUEST_ID, { timeoutMs: 0 }],
    ["endless time", REQUEST_ID, { timeoutMs: Number.POSITIVE_INFINITY }],
    ["a schema that is none", REQUEST_ID, { schema: {} as never }],
  ])("refuses %s before anything is sent", async (_name, id, options) => {
    const { calls, hp } = connect([wireRequest()]);
    const error = await hp.wait(id, options as WaitOptions<never>).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ValidationError);
    expect(calls).toHaveLength(0);
  });
});

describe("ask waits past the expiry for the server's own answer", () => {
  test("EXPIRED comes from the server", async () => {
    const { calls, hp } = connect([wireRequest(), hold, decidedRequest("EXPIRED")]);
    const asked = hp.ask({ ...REFUND, timeoutMs: 1_000 });
    const { result } = await fastForward(asked, () => calls.length > 0);
    expect(result).toMatchObject({ approved: false, status: "EXPIRED" });
  });

  test("[G4] a control plane that stays away is a timeout, never an approval", async () => {
    const { calls, hp } = connect([wireRequest(), OUTAGE]);
    const asked = hp.ask({ ...REFUND, timeoutMs: 1_000 });
    const { result, tookMs } = await fastForward(asked, () => calls.length > 0);
    expect(result).toMatchObject({ code: "WAIT_TIMEOUT", cause: { code: "CONNECTION_FAILED" } });
    expect(tookMs).toBeLessThan(31_200);
  });
});

describe("an abort", () => {
  test("before: nothing is sent", async () => {
    const signal = AbortSignal.abort(reason);
    const { calls, hp } = connect([wireRequest()]);
    await expect(hp.ask(REFUND, { signal, cancelOnAbort: true })).rejects.toBe(reason);
    await expect(hp.wait(REQUEST_ID, { signal, cancelOnAbort: true })).rejects.toBe(reason);
    await expect(hp.defer(REFUND, { signal })).rejects.toBe(reason);
    await expect(hp.requests.get(REQUEST_ID, { signal })).rejects.toBe(reason);
    expect(calls).toHaveLength(0);
  });

  test("during: the reason comes back unchanged and the request stays open", async () => {
    const controller = new AbortController();
    const { calls, hp, paths } = connect([wireRequest(), silence]);
    const asked = hp.ask(REFUND, { signal: controller.signal });
    asked.catch(() => {});
    await until(() => calls.length === 2);
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    expect(paths().filter((path) => path.includes("cancel"))).toEqual([]);
  });

  test.each<[string, readonly Reply[], number]>([
    ["cancels the request", [decidedRequest("CANCELLED")], 1],
    ["keeps its reason when a person was faster", [problem(409, "ALREADY_DECIDED")], 1],
    [
      "tries twice when the creation was overtaken",
      [problem(404, "REQUEST_NOT_FOUND"), decidedRequest("CANCELLED")],
      2,
    ],
    ["keeps its reason when the cancellation fails", [OUTAGE, OUTAGE], 2],
    ["keeps its reason when nobody answers the cancellation", [silence], 2],
  ])("with cancelOnAbort %s", async (_name, replies, times) => {
    for (const start of [
      (hp: Holdpoint, signal: AbortSignal) => hp.ask(REFUND, { signal, cancelOnAbort: true }),
      (hp: Holdpoint, signal: AbortSignal) => hp.wait(REQUEST_ID, { signal, cancelOnAbort: true }),
    ]) {
      const controller = new AbortController();
      const { calls, hp, paths } = connect([wireRequest(), silence, ...replies]);
      const asked = start(hp, controller.signal);
      asked.catch(() => {});
      // An answer that was not held is followed by a pause, before the call that is.
      await passUntil(() => calls.length === 2);
      controller.abort(reason);
      expect((await fastForward(asked)).result).toBe(reason);
      expect(paths().filter((path) => path.endsWith("/cancel"))).toHaveLength(times);
    }
  });

  test("of the whole client cancels too", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const { hp, paths } = connect([wireRequest(), silence, decidedRequest("CANCELLED")], {
      signal,
    });
    const asked = hp.ask(REFUND, { cancelOnAbort: true });
    asked.catch(() => {});
    await vi.advanceTimersByTimeAsync(1_000);
    controller.abort(reason);
    expect((await fastForward(asked)).result).toBe(reason);
    expect(paths().at(-1)).toBe("POST /cancel");
  });
});

describe("cancelOnTimeout", () => {
  const wait = (hp: Holdpoint) => hp.wait(REQUEST_ID, { timeoutMs: 1_000, cancelOnTimeout: true });

  test("cancels, then tells of the timeout", async () => {
    const { hp, paths } = connect([hold, decidedRequest("CANCELLED")]);
    const { result } = await fastForward(wait(hp));
    expect(result).toBeInstanceOf(WaitTimeoutError);
    expect((result as Error).message).toContain("has been cancelled");
    expect(paths()).toEqual(["GET ?wait_ms=1000", "POST /cancel"]);
  });

  test("[G1] returns the decision of a person who was faster", async () => {
    const { hp } = connect([hold, problem(409, "ALREADY_DECIDED"), decidedRequest("APPROVED")]);
    const { result } = await fastForward(wait(hp));
    expect(result).toMatchObject({ approved: true, status: "APPROVED" });
  });

  test("is not held up for long by a control plane that has gone silent", async () => {
    const { hp } = connect([hold, silence]);
    const { result, tookMs } = await fastForward(wait(hp));
    expect(result).toMatchObject({ code: "WAIT_TIMEOUT", cause: { code: "CONNECTION_TIMEOUT" } });
    expect(tookMs).toBeLessThan(16_000);
  });

  test("says when the cancellation failed", async () => {
    const { hp } = connect([hold, OUTAGE]);
    const { result } = await fastForward(wait(hp));
    expect(result).toMatchObject({ code: "WAIT_TIMEOUT", cause: { code: "CONNECTION_FAILED" } });
    expect((result as Error).message).toContain("may still be open");
  });
});
