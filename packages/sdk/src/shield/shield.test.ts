import { hashSkeleton, type WireShieldVerdict } from "@holdpoint/protocol";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createGate } from "../adapter/index.js";
import { Holdpoint } from "../holdpoint.js";
import { fakeGate } from "../test-kit/fake-gate.js";
import { fastForward, useFakeTime } from "../test-kit/fake-time.js";
import {
  API_KEY,
  BASE_URL,
  decidedRequest,
  KEY,
  problem,
  REQUEST_ID,
  wirePurchase,
  wireRequest,
} from "../test-kit/fixtures.js";
import { type SentCall, scriptFetch, silence } from "../test-kit/scripted-fetch.js";

afterEach(() => void vi.useRealTimers());

type Answer = (call: SentCall) => Response | Promise<Response>;
const ACCEPTED: Answer = () => new Response(null, { status: 204 });

/** A control plane that answers requests and purchases; what is observed it answers as it is told. */
function connect(options: object = {}, observed: Answer = ACCEPTED) {
  const answer: Answer = (call) => {
    if (call.url.pathname === "/v1/observations") return observed(call);
    const isPurchase = call.url.pathname === "/v1/purchases";
    return Response.json(isPurchase ? wirePurchase("pending") : wireRequest());
  };
  const { calls, fetch } = scriptFetch(answer);
  const hp = new Holdpoint({
    apiKey: API_KEY,
    baseUrl: BASE_URL,
    fetch,
    maxRetries: 0,
    ...options,
  });
  const paths = () => calls.map(({ url }) => url.pathname);
  const bodies = () => calls.map(({ body }) => JSON.parse(body ?? "null"));
  return { hp, calls, paths, bodies };
}

const SECRETS = { to: "jane@example.com", note: "card 4111 1111 1111 1111" };
const REFUND = { id: REQUEST_ID, service: "billing", action: "refund" } as const;
const PURCHASE = { id: REQUEST_ID, amount: "12.50", currency: "EUR", category: "cloud" } as const;

describe("what is looked for", () => {
  const shield = { sensitive: true };

  test("[G6] is told by its kind, and before it is encrypted", async () => {
    const { hp, calls, bodies } = connect({ shield, encryptionKey: KEY });
    hp.observe({ ...REFUND, payload: SECRETS });
    await hp.defer({ ...REFUND, payload: SECRETS });
    const payee = "DE89370400440532013000";
    await hp.spend.purchase({ ...PURCHASE, payee, description: SECRETS.note }).catch(() => {});
    const [{ observations }, request, purchase] = bodies();
    expect(observations[0].sensitive).toEqual(["card_number", "email"]);
    expect(request.sensitive).toEqual(["card_number", "email"]);
    // Whom to pay is no secret.
    expect(purchase.sensitive).toEqual(["card_number"]);
    for (const { body } of calls) expect(body).not.toMatch(/jane|4111/);
  });

  test("is told of parameters of the gate", async () => {
    const { calls, fetch } = fakeGate({});
    const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch, shield });
    await hp.gate.execute("send-email", SECRETS);
    expect(calls.at(-1)?.body).toMatchObject({ sensitive: ["card_number", "email"] });
  });

  test("is nothing by default, and left out where nothing is found", async () => {
    const { hp, bodies } = connect();
    hp.observe({ ...REFUND, payload: SECRETS });
    await hp.defer({ ...REFUND, payload: SECRETS });
    const looking = connect({ shield });
    await looking.hp.defer({ ...REFUND, payload: { amount: 500 } });
    const [{ observations }, request] = bodies();
    for (const sent of [observations[0], request, looking.bodies()[0]]) {
      expect(sent).not.toHaveProperty("sensitive");
    }
  });
});

describe("fingerprints", () => {
  test("are the same for what is observed and what is asked, whatever the id and the nonce", async () => {
    const { hp, bodies } = connect({ encryptionKey: KEY });
    hp.observe({ ...REFUND, payload: { amount: 500, to: "ada" } });
    await hp.defer({ ...REFUND, payload: { to: "ada", amount: 500 } });
    const [{ observations }, request] = bodies();
    expect(request.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(request.fingerprint).toBe(observations[0].fingerprint);
  });

  test("tell purchases apart by whatever is bought, not by their ids", async () => {
    const { hp, bodies } = connect();
    const buy = (more: object) => hp.spend.purchase({ ...PURCHASE, ...more }).catch(() => {});
    const { id: _, ...withoutId } = PURCHASE;
    await hp.spend.purchase(withoutId).catch(() => {});
    for (const more of [{}, { amount: "12.51" }, { payee: "x" }, { description: "x" }]) {
      await buy(more);
    }
    const [another, first, ...others] = bodies().map(({ fingerprint }) => fingerprint);
    expect(another).toBe(first);
    expect(new Set([first, ...others]).size).toBe(4);
  });

  test("are not sent with the id of a call that is held: it keeps its own", async () => {
    const { calls, fetch } = fakeGate({});
    const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch });
    await hp.gate.execute("send-email", { to: "x" }, { approval: REQUEST_ID });
    expect(calls.at(-1)?.body).toEqual({ id: REQUEST_ID, parameters: { to: "x" } });
  });
});

test("buckets are part of the shape where they are wanted", async () => {
  const { hp, bodies } = connect({ shield: { buckets: true } });
  hp.observe({ ...REFUND, payload: { amount: 500 } });
  await hp.defer({ ...REFUND, payload: { amount: 500 } });
  const expected = await hashSkeleton({ amount: 500 }, { buckets: true });
  const [{ observations }, request] = bodies();
  expect(observations[0].skeleton_hash).toBe(expected);
  expect(request.skeleton_hash).toBe(expected);
});

describe("the order of what is observed and what is asked", () => {
  test("is kept, for requests and purchases", async () => {
    const { hp, paths } = connect();
    hp.observe({ ...REFUND, action: "read" });
    await hp.defer({ ...REFUND, payload: 1 });
    hp.observe({ ...REFUND, action: "read" });
    await hp.spend.purchase(PURCHASE).catch(() => {});
    expect(paths()).toEqual([
      ...["/v1/observations", "/v1/requests"],
      ...["/v1/observations", "/v1/purchases"],
    ]);
  });

  test("is kept for calls of the gate", async () => {
    const paths: string[] = [];
    const gate = fakeGate({});
    const fetch = async (input: string | URL | Request, init?: RequestInit) => {
      const path = new URL(String(input)).pathname;
      paths.push(path);
      if (path === "/v1/observations") return new Response(null, { status: 204 });
      return gate.fetch(input, init);
    };
    const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch });
    hp.observe({ ...REFUND, action: "read" });
    await hp.gate.execute("send-email", {});
    const called = ["/v1/observations", "/v1/leases", "/v1/actions/send-email/execute"];
    expect(paths).toEqual(called);
  });

  test("is one run before a gate that nobody has named one for", async () => {
    const { hp, bodies } = connect();
    const policy = { read: "observe", "*": "ask" } as const;
    const gate = createGate({ service: "billing", holdpoint: hp, policy });
    await gate.run({ tool: "read", args: {}, toolCallId: "1" }, () => "done");
    await gate.hold({ tool: "refund", args: {}, toolCallId: "2" }).catch(() => {});
    const [{ observations }, asked] = bodies();
    expect(observations).toMatchObject([{ action: "read", run_id: expect.any(String) }]);
    expect(asked).toMatchObject({ action: "refund", run_id: observations[0].run_id });
  });

  test("costs no call where nothing waits", async () => {
    const { hp, paths } = connect();
    await hp.defer({ ...REFUND, payload: 1 });
    hp.observe(REFUND);
    await hp.flush();
    await hp.defer({ ...REFUND, payload: 1 });
    expect(paths()).toEqual(["/v1/requests", "/v1/observations", "/v1/requests"]);
  });

  test("waits for a second, no longer, and asks all the same", async () => {
    useFakeTime();
    const { hp, calls, paths } = connect({ timeoutMs: 60_000 }, silence);
    hp.observe(REFUND);
    const asked = hp.defer({ ...REFUND, payload: 1 });
    const { result, tookMs } = await fastForward(asked, () => calls.length === 1);
    expect(result).toMatchObject({ id: REQUEST_ID });
    expect(tookMs).toBeGreaterThanOrEqual(1_000);
    expect(tookMs).toBeLessThan(1_200);
    expect(paths()).toEqual(["/v1/observations", "/v1/requests"]);
  });

  test.each<[string, Answer]>([
    ["out of reach", () => Promise.reject(new TypeError("fetch failed"))],
    ["refuses it", () => problem(403, "SCOPE_MISSING")],
    ["broken", () => problem(500, "INTERNAL")],
  ])("never fails what is asked: the control plane is %s", async (_name, observed) => {
    useFakeTime();
    const { hp, calls } = connect({}, observed);
    hp.observe(REFUND);
    const { result } = await fastForward(
      hp.defer({ ...REFUND, payload: 1 }),
      () => calls.length >= 1,
    );
    expect(result).toMatchObject({ id: REQUEST_ID });
  });

  test("does not knock again where the control plane has said how long to wait", async () => {
    const busy = problem(429, "RATE_LIMITED");
    busy.headers.set("retry-after", "30");
    const { hp, paths } = connect({}, () => busy.clone());
    useFakeTime();
    hp.observe(REFUND);
    const first = await fastForward(hp.defer({ ...REFUND, payload: 1 }), () => paths().length >= 1);
    expect(first.result).toMatchObject({ id: REQUEST_ID });
    const at = performance.now();
    await hp.defer({ ...REFUND, payload: 1 });
    expect(performance.now()).toBe(at);
    expect(paths()).toEqual(["/v1/observations", "/v1/requests", "/v1/requests"]);
  });

  test("is given up with what is asked", async () => {
    const reason = { why: "stop" };
    const controller = new AbortController();
    const { hp, paths } = connect({}, (call) => {
      controller.abort(reason);
      return silence(call);
    });
    hp.observe(REFUND);
    const { signal } = controller;
    await expect(hp.defer({ ...REFUND, payload: 1 }, { signal })).rejects.toBe(reason);
    expect(paths()).toEqual(["/v1/observations"]);
  });
});

describe("the verdict", () => {
  const wire: WireShieldVerdict = {
    profile_id: "shp_01h455vb4pex5vsknk084sn02q",
    mode: "enforce",
    anomalous: true,
    signals: ["path"],
    effect: "held",
    surprise_bits: 11.2,
    path_bits: 10.2,
    structure_bits: 1,
    one_in: 180,
    explanation: "After read_logs, deploy has gone to apply_terraform 0 of 1,412 times.",
    after: "read_logs",
  };
  const verdict = {
    profileId: wire.profile_id,
    mode: "enforce",
    anomalous: true,
    signals: ["path"],
    effect: "held",
    surpriseBits: 11.2,
    pathBits: 10.2,
    structureBits: 1,
    oneIn: 180,
    explanation: wire.explanation,
    after: "read_logs",
  };

  function answering(shield: unknown) {
    const { fetch } = scriptFetch(decidedRequest("APPROVED", { shield: shield as never }));
    return new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch });
  }

  test("comes with a decision and with a request", async () => {
    const hp = answering(wire);
    expect((await hp.ask({ ...REFUND, payload: { amount: 500 } })).shield).toEqual(verdict);
    expect((await hp.wait(REQUEST_ID)).shield).toEqual(verdict);
    expect((await hp.requests.get(REQUEST_ID)).shield).toEqual(verdict);
    expect(await answering(undefined).wait(REQUEST_ID)).not.toHaveProperty("shield");
  });

  test.each([null, "held", {}, { signals: "path", explanation: "x" }])(
    "[G4] is refused where it is none: %j",
    async (shield) => {
      await expect(answering(shield).wait(REQUEST_ID)).rejects.toMatchObject({
        code: "RESPONSE_INVALID",
      });
    },
  );
});
