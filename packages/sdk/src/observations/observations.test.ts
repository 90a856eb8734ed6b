import { createHash, createHmac } from "node:crypto";
import { canonicalJson, hashSkeleton, type JsonValue, type WireObserve } from "@holdpoint/protocol";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Cipher } from "../encryption/cipher.js";
import { Holdpoint } from "../holdpoint.js";
import { resolveOptions } from "../options.js";
import { passUntil, until, useFakeTime } from "../test-kit/fake-time.js";
import { API_KEY, BASE_URL, problem, REQUEST_ID } from "../test-kit/fixtures.js";
import { type Reply, scriptFetch, silence } from "../test-kit/scripted-fetch.js";
import { bearerOf } from "../transport/authorizer.js";
import { Transport } from "../transport/transport.js";
import { Observer } from "./observer.js";

const ACCEPTED = new Response(null, { status: 204 });
const OFFLINE = new TypeError("fetch failed");

beforeEach(useFakeTime);
afterEach(() => void vi.useRealTimers());

function connect(replies: readonly Reply[] = [ACCEPTED], options: object = {}) {
  const { calls, fetch } = scriptFetch(...replies);
  const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch, ...options });
  const batches = () =>
    calls.map(({ body }) => JSON.parse(body ?? "").observations as readonly WireObserve[]);
  const actions = () => batches().map((batch) => batch.map(({ action }) => action));
  return { hp, calls, batches, actions };
}

const call = { service: "billing", action: "list" } as const;
/** Of whatever is sent of a call with arguments. */
const NAMES = ["action", "fingerprint", "id", "observed_at", "service", "skeleton_hash"];

function observeMany(hp: Holdpoint, from: number, to: number): void {
  for (let index = from; index < to; index += 1) hp.observe({ ...call, action: `a${index}` });
}

/** A refusal of some entries of a batch. */
function refusal(...indexes: number[]): Response {
  const issues = indexes.map((index) => ({
    path: `/observations/${index}/service`,
    message: "Expected one line.",
  }));
  return problem(422, "VALIDATION_FAILED", { issues });
}

describe("observe", () => {
  test("sends what happened, one second after the first", async () => {
    const { hp, calls, batches } = connect([ACCEPTED], { agent: "planner", environment: "test" });
    const payload = { customer: "c_1", limit: 5 };
    hp.observe({ ...call, payload, runId: "r1", parentRequestId: REQUEST_ID });
    const observedAt = new Date().toISOString();
    payload.customer = undefined as never;
    await vi.advanceTimersByTimeAsync(999);
    hp.observe({ ...call, environment: "production", endsRun: true });
    expect(calls).toEqual([]);
    await passUntil(() => calls.length > 0);
    expect(calls[0]).toMatchObject({ method: "POST", url: new URL("/v1/observations", BASE_URL) });
    expect(batches()).toEqual([
      [
        {
          id: expect.stringMatching(/^obs_/),
          ...call,
          skeleton_hash: await hashSkeleton({ customer: "", limit: 0 }),
          fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
          run_id: "r1",
          parent_request_id: REQUEST_ID,
          environment: "test",
          agent_label: "planner",
          observed_at: observedAt,
        },
        expect.objectContaining({ environment: "production", ends_run: true }),
      ],
    ]);
    expect(batches()[0]?.[1]).not.toHaveProperty("fingerprint");
  });

  test("sends fifty at once without waiting, in order, under ids that sort as they came", async () => {
    const { hp, actions, batches, calls } = connect();
    const startedAt = performance.now();
    observeMany(hp, 0, 120);
    await vi.advanceTimersByTimeAsync(0);
    await until(() => calls.length === 3);
    expect(performance.now()).toBe(startedAt);
    expect(actions().map(({ length }) => length)).toEqual([50, 50, 20]);
    expect(actions().flat()).toEqual(Array.from({ length: 120 }, (_, index) => `a${index}`));
    const ids = batches()
      .flat()
      .map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(120);
  });

  test("[G6] lets no value of a payload out, and hashes it as a request's", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
        const payload = JSON.parse(JSON.stringify(value)) as JsonValue;
        const expected = await hashSkeleton(payload).catch(() => undefined);
        const { hp, batches } = connect();
        hp.observe({ ...call, payload });
        await hp.flush();
        const [sent] = batches()[0] ?? [];
        expect(sent?.skeleton_hash).toBe(expected);
        if (sent !== undefined) expect(Object.keys(sent).sort()).toEqual(NAMES);
      }),
      { numRuns: 50 },
    );
    const { hp, calls } = connect();
    hp.observe({ ...call, payload: { name: "canary", list: ["canary"], at: new Date() } });
    await hp.flush();
    expect(calls[0]?.body).not.toContain("canary");
  });

  test("[G6] knows equal arguments again, in whatever order their keys come, and nobody else can", async () => {
    const { hp, batches } = connect();
    const payloads = [{ a: 1, b: "x" }, { b: "x", a: 1 }, { a: 2, b: "x" }, { a: 1 }];
    for (const payload of payloads) hp.observe({ ...call, payload });
    await hp.flush();
    const [first, same, other, fewer] = (batches()[0] ?? []).map(({ fingerprint }) => fingerprint);
    expect(same).toBe(first);
    expect(new Set([first, other, fewer]).size).toBe(3);
    // Without a key it would be one of these.
    const text = canonicalJson({ a: 1, b: "x" });
    const digest = createHash("sha256").update(text).digest("hex");
    expect(digest).not.toContain(first);
    expect(createHmac("sha256", "").update(text).digest("hex")).not.toContain(first);
  });

  test("[G6] has another key in each process", async () => {
    const fingerprints = new Set<string | undefined>();
    for (let process = 0; process < 2; process++) {
      vi.resetModules();
      const { Holdpoint: Anew } = await import("../holdpoint.js");
      const { calls, fetch } = scriptFetch(ACCEPTED);
      const hp = new Anew({ apiKey: API_KEY, baseUrl: BASE_URL, fetch });
      hp.observe({ ...call, payload: { pin: 1234 } });
      await hp.flush();
      fingerprints.add(JSON.parse(calls[0]?.body ?? "").observations[0].fingerprint);
    }
    expect(fingerprints.size).toBe(2);
  });

  test("has no fingerprint of half a surrogate pair, and sends the rest", async () => {
    const { hp, batches } = connect();
    hp.observe({ ...call, payload: { name: "\ud800" } });
    expect(await hp.flush()).toMatchObject({ sent: 1, dropped: 0 });
    expect(batches()[0]?.[0]).toHaveProperty("skeleton_hash");
    expect(batches()[0]?.[0]).not.toHaveProperty("fingerprint");
  });

  test("keeps of large arguments, and of too many, the shape only", async () => {
    const { hp, batches } = connect();
    hp.observe({ ...call, payload: { text: "x".repeat(300_000) } });
    for (let index = 0; index < 20; index++) {
      hp.observe({ ...call, payload: { text: "y".repeat(250_000) } });
    }
    expect(await hp.flush()).toEqual({ sent: 21, dropped: 0, pending: 0 });
    const sent = batches().flat();
    const shape = await hashSkeleton({ text: "" });
    expect(sent.map(({ skeleton_hash }) => skeleton_hash)).toEqual(sent.map(() => shape));
    const told = sent.map(({ fingerprint }) => fingerprint !== undefined);
    expect(told).toEqual([false, ...Array(17).fill(true), ...Array(3).fill(false)]);
    hp.observe({ ...call, payload: { text: "y".repeat(250_000) } });
    await hp.flush();
    expect(batches().flat().at(-1)).toHaveProperty("fingerprint");
  });

  test("lets go of arguments, also while nothing can be sent", async () => {
    const { calls, fetch } = scriptFetch(OFFLINE);
    const options = resolveOptions({ apiKey: API_KEY, baseUrl: BASE_URL, fetch });
    const observer = new Observer({
      options,
      transport: new Transport(options, bearerOf(API_KEY)),
      cipher: new Cipher(options.projectId, []),
      settleObserved: () => undefined,
    });
    for (const round of [1, 2]) {
      for (let index = 0; index < 16; index++) {
        observer.observe({ ...call, payload: { text: "y".repeat(250_000) } });
      }
      expect(observer.textSize).toBeGreaterThan(16 * 250_000);
      await passUntil(() => calls.length >= round && observer.textSize === 0);
      expect(observer.sending + observer.waiting.length).toBe(round * 16);
    }
    // Nor does it keep those of calls that are dropped.
    for (let index = 0; index < 1_500; index++) observer.observe({ ...call, payload: "y" });
    expect(observer.waiting.length + observer.sending).toBe(1_000);
    expect(observer.textSize).toBe(observer.waiting.length * '"y"'.length);
  });

  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a service that is no text", { ...call, service: 7 }],
    ["a long action", { ...call, action: "a".repeat(201) }],
    ["a long run", { ...call, runId: "r".repeat(201) }],
    ["a cycle", { ...call, payload: cyclic }],
    ["a bigint", { ...call, payload: 1n }],
    ["a payload that throws", { ...call, payload: { toJSON: () => fail() } }],
    ["a getter that throws", Object.defineProperty({}, "service", { get: fail })],
    ["half a pair as a key", { ...call, payload: { "\ud800": 1 } }],
  ])("never throws, and counts as dropped: %s", async (_name, wrong) => {
    const { hp, calls } = connect();
    hp.observe(wrong as never);
    expect(await hp.flush()).toEqual({ sent: 0, dropped: 1, pending: 0 });
    expect(calls).toEqual([]);
  });

  test("keeps the newest thousand while offline, and sends them under the same ids", async () => {
    const { hp, calls, batches, actions } = connect([OFFLINE, OFFLINE, ACCEPTED]);
    observeMany(hp, 0, 50);
    await passUntil(() => calls.length === 1);
    observeMany(hp, 50, 1_100);
    const flushed = hp.flush({ timeoutMs: 60_000 });
    await passUntil(() => calls.length >= 22);
    expect(await flushed).toEqual({ sent: 1_000, dropped: 100, pending: 0 });
    const [first, second, third] = batches();
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    const newest = Array.from({ length: 950 }, (_, index) => `a${index + 150}`);
    expect(actions().slice(3).flat()).toEqual(newest);
  });

  test("waits longer after each failure, and as long as it is told", async () => {
    const busy = problem(429, "RATE_LIMITED");
    busy.headers.set("retry-after", "30");
    const { hp, calls } = connect([OFFLINE, OFFLINE, OFFLINE, OFFLINE, busy, ACCEPTED]);
    hp.observe(call);
    await passUntil(() => calls.length === 6);
    const gaps = calls.slice(1).map(({ sentAtMs }, i) => sentAtMs - (calls[i]?.sentAtMs ?? 0));
    expect(gaps[3]).toBeGreaterThan((gaps[0] ?? 0) * 2);
    expect(gaps[4]).toBeGreaterThanOrEqual(30_000);
  });

  test("drops what the control plane refuses, and sends the rest", async () => {
    const { hp, actions } = connect([refusal(0, 2), ACCEPTED]);
    observeMany(hp, 0, 4);
    expect(await hp.flush()).toEqual({ sent: 2, dropped: 2, pending: 0 });
    expect(actions()[1]).toEqual(["a1", "a3"]);
  });

  test.each([
    ["an unknown key", problem(401, "CREDENTIAL_INVALID")],
    ["a refusal that names none", problem(422, "VALIDATION_FAILED")],
    ["an answer that makes no sense", Response.json({ ok: true })],
  ])("drops a batch after %s, and tries the next", async (_name, reply) => {
    const { hp, calls } = connect([reply, ACCEPTED]);
    observeMany(hp, 0, 60);
    expect(await hp.flush()).toEqual({ sent: 10, dropped: 50, pending: 0 });
    expect(calls).toHaveLength(2);
  });
});

describe("flush", () => {
  test("has nothing to do without anything observed", async () => {
    const { hp, calls } = connect();
    expect(await hp.flush()).toEqual({ sent: 0, dropped: 0, pending: 0 });
    expect(calls).toEqual([]);
  });

  test("ends a pause after a failure at once", async () => {
    const { hp, calls } = connect([OFFLINE, OFFLINE, OFFLINE, OFFLINE, ACCEPTED]);
    hp.observe(call);
    await passUntil(() => calls.length === 4);
    const at = performance.now();
    const flushed = hp.flush();
    await until(() => calls.length === 5);
    expect(performance.now()).toBe(at);
    expect(await flushed).toMatchObject({ sent: 1 });
  });

  test("gives up when the time is up, says what is left, and it is still sent later", async () => {
    const { hp, calls } = connect([silence, ACCEPTED], { timeoutMs: 20_000 });
    observeMany(hp, 0, 3);
    const flushed = hp.flush({ timeoutMs: 100 });
    await until(() => calls.length === 1);
    await vi.advanceTimersByTimeAsync(100);
    expect(await flushed).toEqual({ sent: 0, dropped: 0, pending: 3 });
    await passUntil(() => calls.length === 2);
    expect(await hp.flush()).toEqual({ sent: 3, dropped: 0, pending: 0 });
  });

  test("takes five seconds by default, also for a time that makes no sense", async () => {
    for (const timeoutMs of [undefined, Number.NaN, -1, "soon" as never]) {
      const { hp, calls } = connect([OFFLINE]);
      hp.observe(call);
      let isDone = false;
      const startedAt = performance.now();
      const flushed = hp.flush({ timeoutMs } as object).finally(() => {
        isDone = true;
      });
      await until(() => calls.length > 0);
      await passUntil(() => isDone);
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(5_000);
      expect(await flushed).toMatchObject({ pending: 1 });
    }
  });

  test("rejects with the reason of an abort, unchanged, and of the client's", async () => {
    const reason = { why: "stop" };
    const { hp, calls } = connect([silence]);
    hp.observe(call);
    await expect(hp.flush({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const flushed = hp.flush({ signal: controller.signal });
    await until(() => calls.length === 1);
    controller.abort(reason);
    await expect(flushed).rejects.toBe(reason);

    const client = new AbortController();
    const ended = connect([silence], { signal: client.signal });
    ended.hp.observe(call);
    const last = ended.hp.flush();
    await until(() => ended.calls.length === 1);
    client.abort(reason);
    await expect(last).rejects.toBe(reason);
    await expect(ended.hp.flush()).rejects.toBe(reason);
  });
});

function fail(): never {
  throw new Error("not usable");
}
