import { generateKeyPair, generateProof } from "dpop";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  AuthenticationError,
  Holdpoint,
  LeaseExpiredError,
  NotConnectedError,
  PermissionDeniedError,
  ReplayDetectedError,
} from "../index.js";
import { type FakeGateOptions, fakeGate } from "../test-kit/fake-gate.js";
import { useFakeTime } from "../test-kit/fake-time.js";
import { API_KEY, BASE_URL, problem } from "../test-kit/fixtures.js";

beforeEach(useFakeTime);
afterEach(() => void vi.useRealTimers());

function connect(options: FakeGateOptions = {}) {
  const gate = fakeGate(options);
  const hp = new Holdpoint({
    apiKey: API_KEY,
    baseUrl: BASE_URL,
    fetch: gate.fetch,
    maxRetries: 0,
  });
  const run = () => hp.gate.execute("github-issue", { title: "Bug" });
  return { ...gate, hp, run };
}

describe("a session", () => {
  test("begins with the first call, once for all that come at the same time", async () => {
    const { run, leases, calls, faults } = connect();
    await Promise.all([run(), run(), run()]);
    expect(leases).toMatchObject([{ asked: {}, credential: API_KEY }]);
    expect(calls).toHaveLength(3);
    expect(faults).toEqual([]);
  });

  test("[P-GATE-KEY] is renewed when a third of its life is left, at most a minute ahead, and stays the same", async () => {
    const { hp, run, leases, faults } = connect({ lifeSeconds: 300 });
    await hp.gate.connect({ scopes: ["actions:github-issue"], maxCalls: 9, ttlSeconds: 300 });
    vi.advanceTimersByTime(239_000);
    await run();
    expect(leases).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    await run();
    await run();
    await vi.waitFor(() => expect(leases).toHaveLength(2), { timeout: 10_000 });
    const [first, second] = leases;
    expect(first?.asked).toEqual({
      scopes: ["actions:github-issue"],
      max_calls: 9,
      ttl_seconds: 300,
    });
    expect(second?.asked).toEqual({ session_id: first?.sessionId, ttl_seconds: 300 });
    expect(second?.thumbprint).not.toBe(first?.thumbprint);
    expect(faults).toEqual([]);
  });

  test("of a short lease is not renewed with every call", async () => {
    const { run, leases } = connect({ lifeSeconds: 60 });
    await run();
    vi.advanceTimersByTime(39_000);
    await run();
    await run();
    expect(leases).toHaveLength(1);
  });

  test("goes on after its lease has ended", async () => {
    const { run, leases } = connect();
    await run();
    vi.advanceTimersByTime(300_000);
    await run();
    expect(leases[1]?.asked).toEqual({ session_id: leases[0]?.sessionId });
  });

  test("[P-GATE-KEY] renewing and connecting anew, 1,000 calls never go out with another lease's key", async () => {
    const { hp, run, leases, calls, faults } = connect({
      lifeSeconds: 60,
      answer: () => void vi.advanceTimersByTime(900),
    });
    let next = 0;
    const work = async () => {
      for (let index = next++; index < 1_000; index = next++) {
        if (index % 100 === 50) void hp.gate.connect();
        await run();
      }
    };
    await Promise.all(Array.from({ length: 32 }, work));
    expect(faults).toEqual([]);
    expect(calls).toHaveLength(1_000);
    expect(leases.length).toBeGreaterThan(15);
    expect(leases.some(({ asked }) => asked.session_id !== undefined)).toBe(true);
  }, 60_000);

  test("whose lease is refused is renewed once, and the call goes out again", async () => {
    const answer: FakeGateOptions["answer"] = ({ lease: { token } }) =>
      token === "lease-0" ? problem(401, "LEASE_EXPIRED") : undefined;
    const { run, leases, calls } = connect({ answer });
    expect((await run()).outcome).toBe("success");
    expect(leases[1]?.asked).toEqual({ session_id: leases[0]?.sessionId });
    expect(calls.map(({ body }) => body)).toEqual([calls[0]?.body, calls[0]?.body]);
  });

  test("whose leases are always refused says so", async () => {
    const expired = connect({ answer: () => problem(401, "LEASE_EXPIRED") });
    await expect(expired.run()).rejects.toBeInstanceOf(LeaseExpiredError);
    expect(expired.leases).toHaveLength(2);
    const replayed = connect({ answer: () => problem(401, "REPLAY_DETECTED") });
    const error = await replayed.run().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ReplayDetectedError);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(replayed.calls).toHaveLength(1);
  });

  test("[P-GATE-KEY] that a freeze has ended begins anew, unless its limits would", async () => {
    const gone: FakeGateOptions = {
      answer: ({ lease: { token } }) =>
        token === "lease-0" ? problem(401, "LEASE_INVALID") : undefined,
    };
    const refuse = (fetch: typeof globalThis.fetch): typeof globalThis.fetch => {
      return async (input, init) =>
        String(init?.body).includes("session_id")
          ? problem(404, "RESOURCE_NOT_FOUND")
          : fetch(input, init);
    };
    const client = (fetch: typeof globalThis.fetch) =>
      new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch: refuse(fetch), maxRetries: 0 });
    const free = fakeGate(gone);
    expect(await client(free.fetch).gate.execute("github-issue")).toMatchObject({});
    expect(free.leases.map(({ asked }) => asked)).toEqual([{}, {}]);

    const limited = fakeGate(gone);
    const { gate } = client(limited.fetch);
    await gate.connect({ maxCalls: 1 });
    await expect(gate.execute("github-issue")).rejects.toMatchObject({
      code: "RESOURCE_NOT_FOUND",
    });
    expect(limited.leases).toHaveLength(1);
  });

  test("waits for nobody who has left", async () => {
    const hold = resolvers();
    const gate = fakeGate();
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (String(input).endsWith("/v1/leases")) await hold.promise;
      return gate.fetch(String(input), init);
    };
    const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch });
    const reason = new Error("left");
    const controller = new AbortController();
    const left = hp.gate.execute("github-issue", {}, { signal: controller.signal });
    const stays = hp.gate.execute("github-issue");
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(reason);
    await expect(left).rejects.toBe(reason);
    hold.resolve(undefined);
    expect((await stays).outcome).toBe("success");
    expect(gate.leases).toHaveLength(1);
  });

  test("is over with close, until it is connected again", async () => {
    const { hp, run, leases, calls } = connect();
    await run();
    await hp.gate.close();
    const error = await run().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(NotConnectedError);
    expect(error).toMatchObject({ code: "NOT_CONNECTED" });
    expect(calls).toHaveLength(1);
    await hp.gate.connect();
    await run();
    expect(leases.map(({ asked }) => asked)).toEqual([{}, {}]);
  });

  test("tells what it may do, and what it may not ask for", async () => {
    const { hp, leases } = connect();
    expect(
      await hp.gate.connect({ maxCalls: 3, maxCost: { amount: "12.50", currency: "EUR" } }),
    ).toEqual({
      id: leases[0]?.sessionId,
      agent: { id: expect.any(String), name: "bot" },
      scopes: ["gate"],
      expiresAt: new Date("2026-11-22T09:35:00.000Z"),
      budget: { calls: 0, maxCalls: 3 },
    });
    expect(leases[0]?.asked.max_cost).toEqual({ amount_minor: 1250, currency: "EUR" });
    for (const wrong of [{ maxCalls: 0 }, { ttlSeconds: 59 }, { ttlSeconds: 3_601 }]) {
      await expect(hp.gate.connect(wrong)).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    }
    const frozen = connect({ before: () => problem(403, "AUTHORITY_FROZEN") });
    const error = await frozen.run().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(PermissionDeniedError);
    expect(error).toMatchObject({ code: "AUTHORITY_FROZEN" });
  });
});

describe("a proof", () => {
  test("has the form that an independent implementation gives it, and the body's digest", async () => {
    const { run, calls, fetch } = connect();
    const headers: Headers[] = [];
    const hp = new Holdpoint({
      apiKey: API_KEY,
      baseUrl: BASE_URL,
      fetch: (input, init) => {
        headers.push(new Headers(init?.headers));
        return fetch(String(input), init);
      },
    });
    await Promise.all([hp.gate.execute("github-issue"), run()]);
    const ours = String(headers.at(-1)?.get("dpop"));
    const theirs = await generateProof(
      await generateKeyPair("ES256"),
      `${BASE_URL}/v1/actions/github-issue/execute`,
      "POST",
      undefined,
      "lease-0",
    );
    const memberNames = (value: object) => Object.keys(value).sort();
    expect(memberNames(decodeProtectedHeader(ours))).toEqual(
      memberNames(decodeProtectedHeader(theirs)),
    );
    expect(memberNames(decodeProtectedHeader(ours).jwk ?? {})).toEqual(
      memberNames(decodeProtectedHeader(theirs).jwk ?? {}),
    );
    expect(memberNames(decodeJwt(ours))).toEqual(
      [...memberNames(decodeJwt(theirs)), "body_sha256"].sort(),
    );
    expect(decodeJwt(ours)).toMatchObject({ htu: decodeJwt(theirs).htu, htm: "POST" });
    expect(calls[0]?.claims.ath).toMatch(/^[\w-]{43}$/);
  });

  test("carries the newest nonce it was given, and is made again when one is asked for", async () => {
    let current = "nonce-1";
    const nonces: unknown[] = [];
    const { run } = connect({
      before: (_path, _headers, { nonce }) => {
        nonces.push(nonce);
        if (nonce === current) return undefined;
        const refused = problem(401, "PROOF_NONCE_REQUIRED");
        refused.headers.set("dpop-nonce", current);
        return refused;
      },
    });
    await run();
    current = "nonce-2";
    await run();
    expect(nonces).toEqual([undefined, "nonce-1", "nonce-1", "nonce-1", "nonce-2"]);
  });

  test("for which a nonce is asked again and again is given up", async () => {
    const refuse = () => {
      const refused = problem(401, "PROOF_NONCE_REQUIRED");
      refused.headers.set("dpop-nonce", crypto.randomUUID());
      return refused;
    };
    const { run } = connect({ before: refuse });
    await expect(run()).rejects.toMatchObject({ code: "PROOF_NONCE_REQUIRED" });
  });

  test("is of the control plane's time once that has refused one for its time", async () => {
    const serverMs = Date.now() - 7_200_000;
    const times: unknown[] = [];
    const { run } = connect({
      before: (_path, _headers, { iat }) => {
        times.push(iat);
        if (Math.abs(Number(iat) * 1_000 - serverMs) < 5_000) return undefined;
        const refused = problem(401, "PROOF_INVALID");
        refused.headers.set("date", new Date(serverMs).toUTCString());
        return refused;
      },
    });
    await run();
    expect(times).toHaveLength(3);
  });

  test("that is refused although the clocks agree is not made again", async () => {
    const refused = problem(401, "PROOF_INVALID");
    const before = vi.fn(() => {
      refused.headers.set("date", new Date().toUTCString());
      return refused.clone();
    });
    await expect(connect({ before }).run()).rejects.toMatchObject({ code: "PROOF_INVALID" });
    expect(before).toHaveBeenCalledTimes(1);
  });

  test("[G6] neither lease nor API key comes back in an error that echoes them", async () => {
    const echo = ({ lease: { token } }: { lease: { token: string } }) =>
      problem(403, "SCOPE_MISSING", { detail: `Not with ${token}.` });
    const { run } = connect({ answer: echo });
    const error = await run().catch((thrown: Error) => thrown);
    expect(String((error as Error).message)).toContain("Not with [credential].");
  });
});

function resolvers() {
  let resolve: (value: unknown) => void = () => undefined;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
