import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";

const refund = {
  service: "billing",
  action: "refund",
  payload: { orderId: "A-1042", amount: 12_500 },
  schema: {
    type: "object",
    properties: { orderId: { type: "string" }, amount: { type: "integer", minimum: 1 } },
    required: ["orderId", "amount"],
    additionalProperties: false,
  },
} as const;

describe("an agent asks over a real port", () => {
  let holdpoint: ServedControlPlane;
  beforeAll(async () => {
    holdpoint = await serveControlPlane();
  });
  afterAll(() => holdpoint[Symbol.asyncDispose]());

  test("approved", async () => {
    const hp = holdpoint.client();
    const { id, url } = await hp.defer(refund);
    expect(url).toBe(`${holdpoint.url}/requests/${id}`);
    const answer = hp.wait(id);
    await holdpoint.decide(id, { decision: "approve" });
    expect(await answer).toMatchObject({
      id,
      approved: true,
      status: "APPROVED",
      payload: refund.payload,
      approvedPayload: refund.payload,
      decidedBy: { type: "operator", id: holdpoint.operatorId, name: "Ada Lovelace" },
    });
  });

  test("approved with an edit: the payload, the edit and the difference", async () => {
    const hp = holdpoint.client();
    const { id } = await hp.defer(refund);
    const answer = hp.wait(id);
    const patched = { orderId: "A-1042", amount: 5_000 };
    await holdpoint.decide(id, { decision: "approve", patched_payload: patched, reason: "Half." });
    expect(await answer).toMatchObject({
      approved: true,
      status: "APPROVED_WITH_MODIFICATIONS",
      payload: refund.payload,
      patchedPayload: patched,
      approvedPayload: patched,
      reason: "Half.",
      diffSummary: {
        summary: "Changed /amount from 12500 to 5000.",
        changes: [{ path: "/amount", from: 12_500, to: 5_000 }],
      },
    });
    expect(await hp.corrections({ service: "billing", action: "refund" })).toMatchObject([
      { diff: { changes: [{ path: "/amount" }] } },
    ]);
  });

  test("rejected is a value, with the person's reason", async () => {
    const hp = holdpoint.client();
    const { id } = await hp.defer(refund);
    await holdpoint.decide(id, { decision: "reject", reason: "No receipt." });
    expect(await hp.wait(id)).toMatchObject({
      approved: false,
      status: "REJECTED",
      reason: "No receipt.",
    });
  });

  test("[G4] expired is no approval, and no decision comes after it", async () => {
    const hp = holdpoint.client();
    const answer = await hp.ask({ ...refund, timeoutMs: 1_000 });
    expect(answer).toMatchObject({
      approved: false,
      status: "EXPIRED",
      decidedBy: { type: "system" },
    });
    await expect(holdpoint.decide(answer.id, { decision: "approve" })).rejects.toMatchObject({
      problem: { code: "ALREADY_DECIDED", current: { status: "EXPIRED" } },
    });
  });

  test("cancelled by the agent wakes whoever waits", async () => {
    const hp = holdpoint.client();
    const { id } = await hp.defer(refund);
    const answer = hp.wait(id);
    await hp.requests.cancel(id);
    expect(await answer).toMatchObject({ approved: false, status: "CANCELLED" });
    await expect(holdpoint.decide(id, { decision: "approve" })).rejects.toMatchObject({
      problem: { code: "ALREADY_DECIDED", current: { status: "CANCELLED" } },
    });
  });

  test("[G4] a wait that ends early is an error, and may cancel the request", async () => {
    const hp = holdpoint.client();
    const { id } = await hp.defer(refund);
    await expect(hp.wait(id, { timeoutMs: 1 })).rejects.toMatchObject({ code: "WAIT_TIMEOUT" });
    expect(await hp.requests.get(id)).toMatchObject({ status: "PENDING" });
    await expect(hp.wait(id, { timeoutMs: 1, cancelOnTimeout: true })).rejects.toMatchObject({
      code: "WAIT_TIMEOUT",
    });
    expect(await hp.requests.get(id)).toMatchObject({ status: "CANCELLED" });
  });

  test("an abort rejects with its own reason, and may cancel the request", async () => {
    const hp = holdpoint.client();
    const { id } = await hp.defer(refund);
    const controller = new AbortController();
    const reason = new Error("the user left");
    const answer = hp.wait(id, { signal: controller.signal, cancelOnAbort: true });
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
    expect(await hp.wait(id)).toMatchObject({ status: "CANCELLED" });
  });

  test("[S-ONCE] the same request sent twice, or by many at once, is made once", async () => {
    const hp = holdpoint.client();
    const { id } = await hp.defer({ ...refund, runId: "once" });
    const again = Array.from({ length: 8 }, () =>
      holdpoint.client().defer({ ...refund, runId: "once", id }),
    );
    for (const request of await Promise.all(again)) expect(request).toMatchObject({ id });
    expect((await hp.requests.list({ runId: "once" })).data).toHaveLength(1);
    await expect(
      hp.defer({ ...refund, id, payload: { orderId: "A-1042", amount: 1 } }),
    ).rejects.toMatchObject({ code: "REQUEST_ID_CONFLICT" });
  });

  test("[G1] of many deciders at once one wins, and every other is told who", async () => {
    const hp = holdpoint.client();
    const { id } = await hp.defer(refund);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 16 }, (_, index) =>
        holdpoint.decide(id, {
          decision: index % 2 === 0 ? "approve" : "reject",
          reason: `decider ${index}`,
        }),
      ),
    );
    const winners = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(winners).toHaveLength(1);
    const losers = outcomes.flatMap((one): unknown[] =>
      one.status === "rejected" ? [one.reason] : [],
    );
    for (const loser of losers) {
      expect(loser).toMatchObject({
        problem: {
          code: "ALREADY_DECIDED",
          current: { status: winners[0]?.status, decided_by: { name: "Ada Lovelace" } },
        },
      });
    }
    expect(await hp.wait(id)).toMatchObject({
      status: winners[0]?.status,
      reason: winners[0]?.reason,
    });
  });

  test("[G1] two agents waiting for one request get the same answer", async () => {
    const { id } = await holdpoint.client().defer(refund);
    const waiting = [holdpoint.client().wait(id), holdpoint.client().wait(id)];
    await holdpoint.decide(id, { decision: "reject", reason: "No." });
    const [one, other] = await Promise.all(waiting);
    expect(one).toEqual(other);
  });

  test("[G5] an agent's key decides nothing, not even its own request", async () => {
    const { id } = await holdpoint.client().defer(refund);
    const response = await fetch(`${holdpoint.url}/v1/requests/${id}/decision`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${holdpoint.apiKey}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ decision: "approve", revision: 1 }),
    });
    expect(response.status).toBe(403);
    expect(await holdpoint.client().requests.get(id)).toMatchObject({ status: "PENDING" });
  });

  test("another agent's request is not there", async () => {
    const { id } = await holdpoint.client().defer(refund);
    const { apiKey } = await holdpoint.plane.admin.createApiKey(holdpoint.projectId, {
      agent: "other-bot",
    });
    const other = holdpoint.client({ apiKey });
    await expect(other.wait(id)).rejects.toMatchObject({ code: "REQUEST_NOT_FOUND" });
    await expect(other.requests.cancel(id)).rejects.toMatchObject({ code: "REQUEST_NOT_FOUND" });
  });
});
