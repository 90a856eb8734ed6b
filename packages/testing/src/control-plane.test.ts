import { describe, expect, test } from "vitest";
import { createTestControlPlane, OperatorRefusedError, RequestAwaitedError } from "./index.js";

const refund = {
  service: "billing",
  action: "refund",
  payload: { amount: 12_500, currency: "EUR" },
};
const schema = {
  type: "object",
  properties: { amount: { type: "integer", maximum: 20_000 }, currency: { type: "string" } },
  required: ["amount", "currency"],
  additionalProperties: false,
} as const;

describe("deciding by hand", () => {
  test("approve with a patch", async () => {
    await using holdpoint = await createTestControlPlane();
    const answer = holdpoint.client().ask({ ...refund, schema });
    const request = await holdpoint.waitForRequest();
    expect(request).toMatchObject({ status: "PENDING", agent: { name: "test-agent" }, ...refund });

    await holdpoint.approve(request.id, {
      patch: { amount: 5_000, currency: "EUR" },
      reason: "Half is enough.",
    });
    expect(await answer).toMatchObject({
      approved: true,
      status: "APPROVED_WITH_MODIFICATIONS",
      approvedPayload: { amount: 5_000, currency: "EUR" },
      reason: "Half is enough.",
      decidedBy: { type: "operator", name: "Test Operator" },
    });
    expect(await holdpoint.pending()).toEqual([]);
  });

  test("reject with a reason", async () => {
    await using holdpoint = await createTestControlPlane();
    const answer = holdpoint.client().ask(refund);
    const { id } = await holdpoint.waitForRequest({ action: "refund" });
    await holdpoint.reject(id, { reason: "No receipt." });
    expect(await answer).toMatchObject({
      approved: false,
      status: "REJECTED",
      reason: "No receipt.",
    });
    expect(await holdpoint.request(id)).toMatchObject({ status: "REJECTED" });
  });

  test("a refused decision names its code", async () => {
    await using holdpoint = await createTestControlPlane();
    const { id } = await holdpoint.client().defer({ ...refund, schema });
    const broken = holdpoint.approve(id, { patch: { amount: "all" } });
    await expect(broken).rejects.toBeInstanceOf(OperatorRefusedError);
    await expect(broken).rejects.toMatchObject({ code: "PATCH_INVALID" });
    await holdpoint.approve(id);
    await expect(holdpoint.reject(id)).rejects.toMatchObject({ code: "ALREADY_DECIDED" });
  });

  test("waiting for a request that never comes ends with an error", async () => {
    await using holdpoint = await createTestControlPlane();
    await holdpoint.client().defer(refund);
    await expect(
      holdpoint.waitForRequest({ service: "other" }, { timeoutMs: 1 }),
    ).rejects.toBeInstanceOf(RequestAwaitedError);
  });
});

describe("decisions given up front", () => {
  test.each([
    ["approve", "APPROVED"],
    ["reject", "REJECTED"],
  ] as const)("%s everything", async (decisions, status) => {
    await using holdpoint = await createTestControlPlane({ decisions });
    const hp = holdpoint.client();
    const answers = await Promise.all([hp.ask(refund), hp.ask(refund)]);
    expect(answers.map((answer) => answer.status)).toEqual([status, status]);
  });

  test("a list is used up in the order of requests, then nobody answers", async () => {
    await using holdpoint = await createTestControlPlane({
      decisions: ["approve", { decision: "reject", reason: "Twice." }],
    });
    const hp = holdpoint.client();
    expect(await hp.ask(refund)).toMatchObject({ status: "APPROVED" });
    expect(await hp.ask(refund)).toMatchObject({ status: "REJECTED", reason: "Twice." });
    const { id } = await hp.defer(refund);
    expect(await holdpoint.pending()).toMatchObject([{ id, status: "PENDING" }]);
  });

  test("a function decides by what is asked, and may leave it", async () => {
    await using holdpoint = await createTestControlPlane({
      decisions: ({ payload }) => {
        const { amount } = payload as { amount: number };
        if (amount > 10_000) return { decision: "reject", reason: "Too much." };
        return amount > 100 ? "approve" : undefined;
      },
    });
    const hp = holdpoint.client();
    expect(await hp.ask(refund)).toMatchObject({ status: "REJECTED", reason: "Too much." });
    expect(await hp.ask({ ...refund, payload: { amount: 500 } })).toMatchObject({ approved: true });
    await hp.defer({ ...refund, payload: { amount: 1 } });
    expect(await holdpoint.pending()).toHaveLength(1);
  });

  test("a script that throws rejects the request and fails the test on close", async () => {
    const holdpoint = await createTestControlPlane({
      decisions: () => {
        throw new RangeError("no rule for this");
      },
    });
    expect(await holdpoint.client().ask(refund)).toMatchObject({ status: "REJECTED" });
    await expect(holdpoint.close()).rejects.toThrow("no rule for this");
  });
});

describe("the clock", () => {
  test("[G4] silence expires and is no approval", async () => {
    await using holdpoint = await createTestControlPlane();
    const answer = holdpoint.client().ask({ ...refund, timeoutMs: 60_000 });
    const { id } = await holdpoint.waitForRequest();
    await holdpoint.clock.advance(59_000);
    expect(await holdpoint.pending()).toHaveLength(1);
    await holdpoint.clock.advance(2_000);
    expect(await holdpoint.pending()).toEqual([]);
    expect(await answer).toMatchObject({ approved: false, status: "EXPIRED" });
    await expect(holdpoint.approve(id)).rejects.toMatchObject({ code: "ALREADY_DECIDED" });
  });

  test("moves over days at once, and not back", async () => {
    await using holdpoint = await createTestControlPlane();
    const before = holdpoint.clock.now();
    const { id } = await holdpoint.client().defer(refund);
    await holdpoint.clock.advance(40 * 86_400_000);
    expect(holdpoint.clock.now() - before).toBeGreaterThanOrEqual(40 * 86_400_000);
    expect(await holdpoint.request(id)).toMatchObject({ status: "EXPIRED" });
    await expect(holdpoint.clock.advance(-1)).rejects.toThrow(RangeError);
  });
});

describe("encryption", () => {
  const encryptionKey = Buffer.alloc(32, 9).toString("base64url");

  test("[G6] the test's operator reads and edits what the control plane cannot", async () => {
    await using holdpoint = await createTestControlPlane({ encryptionKey });
    const answer = holdpoint.client().ask(refund);
    const request = await holdpoint.waitForRequest();
    expect(request).toMatchObject({ encrypted: true, payload: refund.payload });
    await holdpoint.approve(request.id, { patch: { amount: 1, currency: "EUR" } });
    expect(await answer).toMatchObject({
      status: "APPROVED_WITH_MODIFICATIONS",
      approvedPayload: { amount: 1, currency: "EUR" },
    });
  });

  test("without the key it can approve, but neither read nor edit", async () => {
    await using holdpoint = await createTestControlPlane();
    const { id } = await holdpoint.client({ encryptionKey }).defer(refund);
    expect(JSON.stringify(await holdpoint.request(id))).not.toContain("12500");
    await expect(holdpoint.approve(id, { patch: {} })).rejects.toThrow(TypeError);
    expect(await holdpoint.approve(id)).toMatchObject({ status: "APPROVED" });
  });
});

describe("the in-process fetch", () => {
  test("gives every agent its own view", async () => {
    await using holdpoint = await createTestControlPlane();
    const { id } = await holdpoint.client().defer(refund);
    const other = holdpoint.client({ apiKey: await holdpoint.createApiKey("other") });
    await expect(other.wait(id)).rejects.toMatchObject({ code: "REQUEST_NOT_FOUND" });
  });

  test("rejects with the signal's reason when aborted while held", async () => {
    await using holdpoint = await createTestControlPlane();
    const controller = new AbortController();
    const answer = holdpoint.client().ask(refund, { signal: controller.signal });
    await holdpoint.waitForRequest();
    const reason = new Error("shutting down");
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
  });

  test("[G5] the agent's key cannot decide", async () => {
    await using holdpoint = await createTestControlPlane();
    const { id } = await holdpoint.client().defer(refund);
    const response = await holdpoint.fetch(`${holdpoint.url}/v1/requests/${id}/decision`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${holdpoint.apiKey}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ decision: "approve", revision: 1 }),
    });
    expect(response.status).toBe(403);
    expect(await holdpoint.request(id)).toMatchObject({ status: "PENDING" });
  });
});

describe("guarded functions", () => {
  const encryptionKey = Buffer.alloc(32, 9).toString("base64url");

  test.each([
    ["in clear", undefined],
    ["encrypted", encryptionKey],
  ])("[G2] run once, and the test sees how it ended (%s)", async (_name, key) => {
    await using holdpoint = await createTestControlPlane({
      decisions: "approve",
      ...(key !== undefined && { encryptionKey: key }),
    });
    const runs: unknown[] = [];
    const guarded = holdpoint
      .client()
      .guard({ ...refund, key: "order-1" }, async (args: object) => {
        runs.push(args);
        return { ok: true };
      });
    expect(await guarded({ amount: 1 })).toEqual({ ok: true });
    expect(await guarded({ amount: 1 })).toEqual({ ok: true });
    expect(runs).toEqual([{ amount: 1 }]);
    const { data } = await holdpoint.client().requests.list();
    expect(await holdpoint.execution(data[0]?.id as string)).toMatchObject({
      status: "COMMITTED",
      result: { ok: true },
    });
  });

  test.each([
    ["in clear", undefined],
    ["encrypted", encryptionKey],
  ])("[G2] an unknown outcome is settled by the test's operator (%s)", async (_name, key) => {
    await using holdpoint = await createTestControlPlane({
      decisions: "approve",
      ...(key !== undefined && { encryptionKey: key }),
    });
    const hp = holdpoint.client();
    const ask = { ...refund, idempotencyKey: "order-2" };
    const decision = await hp.ask(ask);
    if (!decision.approved) throw new Error("Expected an approval.");
    expect(await holdpoint.execution(decision.id)).toBeUndefined();
    await hp.executions.claim(decision);
    await expect(
      holdpoint.reconcile(decision.id, { outcome: "committed", evidence: "seen" }),
    ).rejects.toMatchObject({ code: "EXECUTION_CLAIMED" });
    await holdpoint.clock.advance(61_000);
    expect(await holdpoint.execution(decision.id)).toMatchObject({ status: "OUTCOME_UNKNOWN" });
    await holdpoint.reconcile(decision.id, {
      outcome: "committed",
      evidence: { provider: "ch_1" },
      result: { charge: "ch_1" },
    });
    const guarded = hp.guard({ ...refund, key: "order-2" }, async () => ({ charge: "never" }));
    expect(await guarded(refund.payload)).toEqual({ charge: "ch_1" });
  });
});

describe("what agents observe", () => {
  test("is listed in the order it happened, of every agent and page", async () => {
    await using holdpoint = await createTestControlPlane();
    expect(await holdpoint.observations()).toEqual([]);
    const hp = holdpoint.client();
    const actions = Array.from({ length: 120 }, (_, index) => `read-${index}`);
    for (const action of actions) hp.observe({ service: "mailer", action, payload: { id: 1 } });
    expect(await hp.flush()).toEqual({ sent: 120, dropped: 0, pending: 0 });
    const other = holdpoint.client({ apiKey: await holdpoint.createApiKey("other-agent") });
    other.observe({ service: "mailer", action: "last" });
    await other.flush();
    const observed = await holdpoint.observations();
    expect(observed.map(({ action }) => action)).toEqual([...actions, "last"]);
    expect(observed.at(0)).toMatchObject({ agent: { name: "test-agent" } });
    expect(observed.at(-1)).toMatchObject({ agent: { name: "other-agent" } });
  });
});
