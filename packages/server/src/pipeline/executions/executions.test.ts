import { LIMITS, type WireExecution, type WireRequest } from "@holdpoint/protocol";
import { importEnvelopeKey, sealEnvelope } from "@holdpoint/protocol/envelope";
import { typeidUnboxed } from "typeid-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Credentials, codeOf, type Reply, World } from "../../routes/testing/world.js";

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.controlPlane.close());

const LEASE_MS = 60_000;

async function approved(fields: object = {}, decision: object = {}): Promise<WireRequest> {
  const { id } = await world.ask(fields);
  const { body } = await world.decide(id, { decision: "approve", revision: 1, ...decision });
  return body;
}

function claimBody({ grant }: WireRequest, fields: object = {}) {
  return {
    id: typeidUnboxed("exe"),
    grant_id: grant?.id,
    approved_digest: grant?.approved_digest,
    ...fields,
  };
}

function claim(request: WireRequest, fields: object = {}, as: keyof Credentials = "agent") {
  const path = `/v1/requests/${request.id}/executions`;
  return world.call("POST", path, { as, body: claimBody(request, fields) });
}

function act(id: string, verb: string, body: object, as: keyof Credentials = "agent") {
  return world.call("POST", `/v1/executions/${id}/${verb}`, { as, body });
}

async function read(path: string): Promise<Reply["body"]> {
  return (await world.call("GET", path, { as: "admin" })).body;
}

/** An execution whose lease has run out. */
async function unknown(fields: object = {}): Promise<WireExecution> {
  const { body } = await claim(await approved(), fields);
  world.clock.advance(LEASE_MS);
  return body;
}

const EVIDENCE = { provider_record: "ch_8841" };

describe("claiming", () => {
  it("uses the grant, tells the request and its history", async () => {
    const request = await approved();
    const { status, body } = await claim(request);
    expect(status).toBe(201);
    const now = world.clock.now();
    expect(body).toEqual({
      id: body.id,
      request_id: request.id,
      status: "CLAIMED",
      fencing_token: 1,
      idempotent: false,
      claimed_at: new Date(now).toISOString(),
      lease_expires_at: new Date(now + LEASE_MS).toISOString(),
    });
    const after = await read(`/v1/requests/${request.id}`);
    expect(after).toEqual({ ...request, execution: { status: "CLAIMED", id: body.id } });
    const { data } = await read(`/v1/requests/${request.id}/events`);
    expect(data.at(-1)).toMatchObject({
      type: "execution.claimed",
      status: "APPROVED",
      actor: { type: "agent", name: "db-agent" },
      execution: { id: body.id, fencing_token: 1 },
    });
  });

  it("[G1] never says 201 again, not even under an idempotency key: it says how things stand", async () => {
    const request = await approved();
    const path = `/v1/requests/${request.id}/executions`;
    const headers = { "idempotency-key": "the-key" };
    const call = { as: "agent", body: claimBody(request), headers } as const;
    expect((await world.call("POST", path, call)).status).toBe(201);
    world.clock.advance(LEASE_MS);
    const again = await world.call("POST", path, call);
    expect([again.status, again.body.status]).toEqual([200, "OUTCOME_UNKNOWN"]);
  });

  it("[G2] lets one of 50 at once have it and shows the others whose it is", async () => {
    const request = await approved();
    const replies = await Promise.all(Array.from({ length: 50 }, () => claim(request)));
    const [winner, ...others] = replies.filter(({ status }) => status === 201);
    expect(others).toEqual([]);
    for (const reply of replies.filter((one) => one !== winner)) {
      expect(codeOf(reply)).toBe("EXECUTION_CLAIMED");
      expect(reply.body.current_execution).toEqual(winner?.body);
    }
  });

  it("answers the same claim as it stands, and makes nothing twice", async () => {
    const request = await approved();
    const body = claimBody(request);
    const path = `/v1/requests/${request.id}/executions`;
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => world.call("POST", path, { as: "agent", body })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 201]);
    await act(body.id, "commit", { fencing_token: 1, result: "done" });
    const again = await world.call("POST", path, { as: "agent", body });
    expect([again.status, again.body.status, again.body.result]).toEqual([
      200,
      "COMMITTED",
      "done",
    ]);
  });

  it.each([
    ["nobody has decided", {}, "PENDING"],
    ["a person has said no", { decision: "reject", revision: 1 }, "REJECTED"],
  ])("is refused when %s", async (_case, decision, status) => {
    const donor = await approved();
    const request = await world.ask();
    if ("decision" in decision) await world.decide(request.id, decision);
    const reply = await claim({ ...donor, id: request.id });
    expect([reply.status, codeOf(reply)]).toEqual([409, "NOT_APPROVED"]);
    expect(reply.body.current.status).toBe(status);
    expect((await read(`/v1/requests/${request.id}`)).execution).toEqual({ status: "NONE" });
  });

  it.each([
    [
      "another request's grant",
      "GRANT_INVALID",
      async () => (await approved()).grant?.id,
      "grant_id",
    ],
    [
      "other arguments",
      "ARGUMENTS_CHANGED",
      async () => `sha256:${"0".repeat(64)}`,
      "approved_digest",
    ],
  ] as const)("is refused under %s", async (_case, code, make, member) => {
    const request = await approved();
    const reply = await claim(request, { [member]: await make() });
    expect([reply.status, codeOf(reply)]).toEqual([409, code]);
    expect((await claim(request)).status).toBe(201);
  });

  it("binds to the edit, not to what was asked", async () => {
    const original = await approved();
    const edited = await approved({}, { patched_payload: { sql: "SELECT 1" } });
    const digest = original.grant?.approved_digest;
    expect(codeOf(await claim(edited, { approved_digest: digest }))).toBe("ARGUMENTS_CHANGED");
    expect((await claim(edited)).status).toBe(201);
  });

  it("is refused once the grant's time is over, and a claim made in time still answers", async () => {
    const [late, early] = [await approved(), await approved()];
    const body = claimBody(early);
    const path = `/v1/requests/${early.id}/executions`;
    await world.call("POST", path, { as: "agent", body });
    world.clock.advance(LIMITS.grantMs);
    expect(codeOf(await claim(late))).toBe("GRANT_EXPIRED");
    expect((await world.call("POST", path, { as: "agent", body })).status).toBe(200);
  });

  it("under another request's execution id is refused, and uses nothing", async () => {
    const [first, second] = [await approved(), await approved()];
    const { body } = await claim(first);
    expect(codeOf(await claim(second, { id: body.id }))).toBe("RESOURCE_CONFLICT");
    expect((await claim(second)).status).toBe(201);
  });
});

describe("settling", () => {
  it("commits with its result, once, and answers the same again", async () => {
    const { body } = await claim(await approved());
    const commit = { fencing_token: 1, result: { rows: 12 } };
    const first = await act(body.id, "commit", commit);
    expect(first.body).toMatchObject({
      status: "COMMITTED",
      result: { rows: 12 },
      settled_by: { type: "agent" },
    });
    expect(await act(body.id, "commit", commit)).toMatchObject({ status: 200, body: first.body });
    for (const [verb, other] of [
      ["commit", { fencing_token: 1, result: { rows: 13 } }],
      ["commit", { fencing_token: 1 }],
      ["fail", { fencing_token: 1, error: "no" }],
    ] as const) {
      const refused = await act(body.id, verb, other);
      expect(codeOf(refused)).toBe("EXECUTION_SETTLED");
      const { result, ...outline } = first.body;
      expect(refused.body.current_execution).toEqual(outline);
    }
    expect(await read(`/v1/executions/${body.id}`)).toEqual(first.body);
    const { data } = await read(`/v1/requests/${body.request_id}/events`);
    expect(data.filter(({ type }: { type: string }) => type.startsWith("execution"))).toHaveLength(
      2,
    );
  });

  it("tells a result of null from none", async () => {
    const { body } = await claim(await approved());
    const settled = await act(body.id, "commit", { fencing_token: 1, result: null });
    expect(settled.body).toHaveProperty("result", null);
    expect(await read(`/v1/executions/${body.id}`)).toEqual(settled.body);
  });

  it("fails with its error", async () => {
    const { body } = await claim(await approved());
    const reply = await act(body.id, "fail", { fencing_token: 1, error: { message: "gone" } });
    expect(reply.body).toMatchObject({ status: "FAILED", error: { message: "gone" } });
    const again = await claim({ ...(await read(`/v1/requests/${body.request_id}`)) });
    expect(codeOf(again)).toBe("EXECUTION_SETTLED");
  });

  it("lets one of a commit and a failure win", async () => {
    const { body } = await claim(await approved());
    const replies = await Promise.all([
      act(body.id, "commit", { fencing_token: 1 }),
      act(body.id, "fail", { fencing_token: 1, error: "no" }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it.each(["renew", "commit"])(
    "%s is refused under a token that is not the current",
    async (verb) => {
      const { body } = await claim(await approved());
      const reply = await act(body.id, verb, { fencing_token: 2 });
      expect([reply.status, codeOf(reply)]).toEqual([409, "EXECUTION_LEASE_LOST"]);
    },
  );

  it("takes ciphertext only where the request is encrypted, and only for its own place", async () => {
    const key = await importEnvelopeKey("q7Gd3mXq0cVbL2sYtRkWn5uHfJzA7eQi9oPxN1vTg4E");
    const id = typeidUnboxed("req");
    const seal = (requestId: string, field: "payload" | "result") =>
      sealEnvelope({ sql: "x" }, { projectId: world.projectId, requestId, field }, key);
    const payload = await seal(id, "payload");
    const { body } = await claim(await approved({ id, encrypted: true, payload }));
    const commit = (result: unknown) => act(body.id, "commit", { fencing_token: 1, result });
    expect(codeOf(await commit({ rows: 1 }))).toBe("PLAINTEXT_REFUSED");
    expect(codeOf(await commit(payload))).toBe("ENVELOPE_INVALID");
    const other = await seal(typeidUnboxed("req"), "result");
    expect(codeOf(await commit(other))).toBe("ENVELOPE_INVALID");
    const result = await seal(id, "result");
    expect((await commit(result)).body.result).toEqual(result);
  });

  it("refuses what is too large, and an envelope where all else is plain", async () => {
    const { body } = await claim(await approved());
    const commit = (result: unknown) => act(body.id, "commit", { fencing_token: 1, result });
    expect(codeOf(await commit("x".repeat(LIMITS.payloadBytes)))).toBe("PAYLOAD_TOO_LARGE");
    const envelope = { protected: "a", aad: "b", iv: "c", ciphertext: "d", tag: "e" };
    expect(codeOf(await commit(envelope))).toBe("ENVELOPE_INVALID");
  });
});

describe("[P-UNKNOWN] a lease that runs out", () => {
  it("makes the outcome unknown at its very millisecond, not before", async () => {
    const { body } = await claim(await approved());
    world.clock.advance(LEASE_MS - 1);
    expect((await read(`/v1/executions/${body.id}`)).status).toBe("CLAIMED");
    world.clock.advance(1);
    expect((await read(`/v1/executions/${body.id}`)).status).toBe("OUTCOME_UNKNOWN");
    const request = await read(`/v1/requests/${body.request_id}`);
    expect(request.execution.status).toBe("OUTCOME_UNKNOWN");
    const { data } = await read(`/v1/requests/${body.request_id}/events`);
    expect(data.at(-1)).toMatchObject({
      type: "execution.outcome_unknown",
      actor: { type: "system", id: "lease" },
    });
  });

  it("lasts as long as it is renewed", async () => {
    const { body } = await claim(await approved());
    for (let count = 0; count < 3; count += 1) {
      world.clock.advance(LEASE_MS - 1);
      expect((await act(body.id, "renew", { fencing_token: 1 })).status).toBe(200);
    }
    expect((await act(body.id, "commit", { fencing_token: 1 })).status).toBe(200);
  });

  it.each([
    ["renew", { fencing_token: 1 }],
    ["commit", { fencing_token: 1 }],
    ["fail", { fencing_token: 1, error: "no" }],
  ])("lets nobody %s any more", async (verb, body) => {
    const { id } = await unknown();
    const reply = await act(id, verb, body);
    expect(codeOf(reply)).toBe("EXECUTION_LEASE_LOST");
    expect(reply.body.current_execution.status).toBe("OUTCOME_UNKNOWN");
  });

  it("is never claimed again silently", async () => {
    const { request_id } = await unknown({ idempotent: false });
    const request = await read(`/v1/requests/${request_id}`);
    const reply = await claim(request, { idempotent: true });
    expect(codeOf(reply)).toBe("EXECUTION_CLAIMED");
    expect(reply.body.current_execution.status).toBe("OUTCOME_UNKNOWN");
  });

  it("is claimed again where both say idempotent, and fences off the first", async () => {
    const { id, request_id } = await unknown({ idempotent: true });
    const request = await read(`/v1/requests/${request_id}`);
    expect(codeOf(await claim(request))).toBe("EXECUTION_CLAIMED");
    const body = claimBody(request, { idempotent: true });
    const path = `/v1/requests/${request_id}/executions`;
    const again = await world.call("POST", path, { as: "agent", body });
    expect([again.status, again.body.id, again.body.fencing_token]).toEqual([201, id, 2]);
    const replay = await world.call("POST", path, { as: "agent", body });
    expect([replay.status, replay.body]).toEqual([200, again.body]);
    expect(codeOf(await act(id, "commit", { fencing_token: 1 }))).toBe("EXECUTION_LEASE_LOST");
    expect(codeOf(await claim(request, { id, idempotent: true }))).toBe("EXECUTION_CLAIMED");
    expect((await act(id, "commit", { fencing_token: 2 })).status).toBe(200);
  });

  it("is not claimed again under a grant that is over", async () => {
    const { request_id } = await unknown({ idempotent: true });
    const request = await read(`/v1/requests/${request_id}`);
    world.clock.advance(LIMITS.grantMs);
    expect(codeOf(await claim(request, { idempotent: true }))).toBe("GRANT_EXPIRED");
  });
});

describe("reconciling", () => {
  it.each([
    ["agent", "committed", { result: { rows: 12 } }, "agent"],
    ["approver", "failed", { error: "declined" }, "operator"],
  ] as const)("by %s as %s settles with evidence", async (as, outcome, told, type) => {
    const { id, request_id } = await unknown();
    const body = { outcome, evidence: EVIDENCE, ...told };
    const first = await act(id, "reconcile", body, as);
    expect(first.body).toMatchObject({
      status: outcome.toUpperCase(),
      reconciled: true,
      evidence: EVIDENCE,
      settled_by: { type },
      ...told,
    });
    expect(await act(id, "reconcile", body, as)).toMatchObject({ status: 200, body: first.body });
    const other = { ...body, evidence: { provider_record: "other" } };
    expect(codeOf(await act(id, "reconcile", other, as))).toBe("EXECUTION_SETTLED");
    const { data } = await read(`/v1/requests/${request_id}/events`);
    expect(data.at(-1)).toMatchObject({
      type: `execution.${outcome}`,
      execution: { id, reconciled: true },
    });
  });

  it("is refused while the lease runs", async () => {
    const { body } = await claim(await approved());
    const reply = await act(body.id, "reconcile", { outcome: "failed", evidence: EVIDENCE });
    expect(codeOf(reply)).toBe("EXECUTION_CLAIMED");
  });

  it.each(["viewer", "finance"] as const)("is refused to %s", async (as) => {
    const { id } = await unknown();
    const reply = await act(id, "reconcile", { outcome: "failed", evidence: EVIDENCE }, as);
    expect(codeOf(reply)).toBe("ROLE_REQUIRED");
  });

  it.each([
    [{ outcome: "committed" }],
    [{ outcome: "committed", evidence: {} }],
    [{ outcome: "committed", evidence: EVIDENCE, error: "no" }],
    [{ outcome: "failed", evidence: EVIDENCE, result: 1 }],
  ])("refuses %j", async (body) => {
    const { id } = await unknown();
    expect(codeOf(await act(id, "reconcile", body))).toBe("VALIDATION_FAILED");
    expect((await read(`/v1/executions/${id}`)).status).toBe("OUTCOME_UNKNOWN");
  });
});

describe("a held execution", () => {
  const hold = (id: string) =>
    world.call("GET", `/v1/executions/${id}?wait_ms=30000`, { as: "agent" });
  const waiters = async () =>
    Number(
      /^holdpoint_pending_waiters (\d+)$/m.exec((await world.call("GET", "/metrics")).body)?.[1],
    );
  const untilHeld = async (count: number) => {
    while ((await waiters()) !== count) await new Promise(setImmediate);
  };

  it("wakes with the outcome, without the clock moving", async () => {
    const { body } = await claim(await approved());
    const held = [hold(body.id), hold(body.id)];
    await untilHeld(2);
    await act(body.id, "commit", { fencing_token: 1, result: 7 });
    for (const reply of await Promise.all(held)) {
      expect(reply.body).toMatchObject({ status: "COMMITTED", result: 7 });
    }
    expect(await waiters()).toBe(0);
  });

  it("wakes when the lease runs out", async () => {
    const { body } = await claim(await approved(), { lease_ms: 1_000 });
    const held = hold(body.id);
    await untilHeld(1);
    world.clock.advance(1_000);
    expect((await held).body.status).toBe("OUTCOME_UNKNOWN");
  });

  it("answers as it stands when its time has passed, and at once when it is over", async () => {
    const { body } = await claim(await approved());
    const held = hold(body.id);
    await untilHeld(1);
    world.clock.advance(30_000);
    expect((await held).body.status).toBe("CLAIMED");
    await act(body.id, "commit", { fencing_token: 1 });
    expect((await hold(body.id)).body.status).toBe("COMMITTED");
  });
});
