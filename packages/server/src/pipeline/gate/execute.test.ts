import { gateApprovalSchema, gateResultSchema } from "@holdpoint/protocol/schemas";
import { typeidUnboxed } from "typeid-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestTextOf } from "../../domain/digest.js";
import { LeaseHolder } from "../../routes/testing/lease-holder.js";
import { codeOf } from "../../routes/testing/world.js";
import { CANARY, GateWorld, HUGE, LARGE, SMALL } from "./testing/gate-world.js";

let gate: GateWorld;
beforeEach(async () => {
  gate = await GateWorld.create();
});
afterEach(() => gate[Symbol.asyncDispose]());

const amounts = () => gate.service.calls.map(({ body }) => JSON.parse(body).amount);

describe("a call that policy lets through", () => {
  it("runs with the secret, and answers what came of it", async () => {
    const reply = await gate.execute();
    expect(reply.status).toBe(200);
    expect(gateResultSchema.parse(reply.body)).toMatchObject({
      outcome: "success",
      output: { status: 201, body: { id: "re_1" } },
      verification: { status: "verified" },
      fully_successful: true,
      approved_by: { type: "policy", id: "policy", name: "small" },
      session_id: gate.agent.lease.session_id,
    });
    const [call] = gate.service.calls;
    expect(call?.headers.authorization).toBe(`Bearer ${CANARY}`);
    expect(amounts()).toEqual([50]);
  });

  it("is counted by how it ended, and timed step by step", async () => {
    await gate.execute();
    const { body } = await gate.world.call("GET", "/metrics");
    expect(body).toContain('holdpoint_gate_calls_total{outcome="success"} 1');
    for (const step of ["identify", "find", "judge", "begin", "run", "settle"]) {
      expect(body).toMatch(
        new RegExp(`^holdpoint_gate_step_seconds_count\\{step="${step}"\\} [1-9]`, "m"),
      );
    }
  });

  it("is not fully successful when its effect was not seen", async () => {
    gate.service.answerJson(200, { id: "re_1" });
    expect((await gate.execute()).body).toMatchObject({
      outcome: "success",
      verification: { status: "failed" },
      fully_successful: false,
    });
  });

  it("fails when the service says no", async () => {
    gate.service.answerJson(422, { error: "no such charge" });
    const { body } = await gate.execute();
    expect(body).toMatchObject({
      outcome: "failed",
      error: { code: "refused_by_service", status: 422 },
    });
    expect(body).not.toHaveProperty("output");
  });

  it("is unknown when nobody can say what the service did", async () => {
    gate.service.answerJson(500, { error: "oops" });
    expect((await gate.execute()).body).toMatchObject({
      outcome: "outcome_unknown",
      verification: { status: "not_run" },
      fully_successful: false,
    });
  });

  it("keeps from the agent what its manifest keeps from it", async () => {
    await gate.register({ version: "2.0.0", returns_output: false });
    const { body } = await gate.execute();
    expect(body).toMatchObject({ outcome: "success", fully_successful: true });
    expect(body).not.toHaveProperty("output");
    const path = `/v1/executions/${body.execution_id}`;
    const mine = await gate.world.call("GET", path, { as: "agent" });
    expect(mine.body).toMatchObject({ status: "COMMITTED" });
    expect(mine.body).not.toHaveProperty("result");
    const theirs = await gate.world.call("GET", path, { as: "admin" });
    expect(theirs.body.result).toMatchObject({ body: { id: "re_1" } });
  });
});

describe("a call that nothing lets through", () => {
  it.each([
    ["a policy forbids", HUGE, "huge"],
    ["no policy is about", {}, undefined],
  ])("for %s it is denied, made and on record", async (_, extra, name) => {
    const parameters = { type: "object", properties: { amount: { type: "integer" } } };
    await gate.register({ version: "2.0.0", parameters });
    const id = typeidUnboxed("req");
    const reply = await gate.execute({ id, parameters: extra });
    expect([reply.status, codeOf(reply)]).toEqual([403, "ACTION_DENIED"]);
    expect(reply.body.detail).toMatch(new RegExp(`Request ${id}, receipt rcp_`));
    const receipts = await gate.receiptsOf(id);
    expect(receipts.map(({ type }) => type)).toEqual(["request.created", "request.rejected"]);
    expect(receipts[1]?.actor).toEqual({ type: "policy", id: "policy", ...(name && { name }) });
    expect(gate.service.calls).toEqual([]);
  });

  it("is denied where policy holds it and the action asks nobody", async () => {
    await gate.register({ version: "2.0.0", approval: "never" });
    expect(codeOf(await gate.execute({ parameters: LARGE }))).toBe("ACTION_DENIED");
    expect(gate.service.calls).toEqual([]);
  });

  it("is denied where the policy cannot be evaluated", async () => {
    const overflows = "context.time.hour + 9223372036854775807 > 0";
    await gate.world.setPolicy(`permit (principal, action, resource) when { ${overflows} };`);
    const id = typeidUnboxed("req");
    expect(codeOf(await gate.execute({ id }))).toBe("ACTION_DENIED");
    const { body } = await gate.world.call("GET", `/v1/requests/${id}`, { as: "admin" });
    expect(body.reason).toBe("The policy could not be evaluated.");
    expect(gate.service.calls).toEqual([]);
  });
});

describe("a call that a person decides", () => {
  it("is held for the role of the policy, with what it says", async () => {
    const reply = await gate.execute({ parameters: LARGE });
    expect(reply.status).toBe(202);
    expect(gateApprovalSchema.parse(reply.body)).toMatchObject({
      status: "PENDING",
      execution_status: "NONE",
      role: "approver",
      policy: { verdict: "hold", policies: ["large"], reason: "It is a lot." },
    });
    expect(gate.service.calls).toEqual([]);
  });

  it("is held where the manifest always asks", async () => {
    await gate.register({ version: "2.0.0", approval: "always", role: "finance" });
    const reply = await gate.execute();
    expect([reply.status, reply.body.role]).toEqual([202, "finance"]);
  });

  it("[P-GATE-ONCE] runs as a person has edited it, once", async () => {
    const id = await gate.approved({ amount: 120 });
    const { body } = await gate.execute({ id, parameters: undefined });
    expect(body).toMatchObject({
      outcome: "success",
      approved_by: { type: "operator" },
    });
    expect(body).not.toHaveProperty("replayed");
    const again = await gate.execute({ id, parameters: LARGE });
    expect(again.body).toEqual({ ...body, replayed: true });
    expect(amounts()).toEqual([120]);
  });

  it("[P-GATE-ONCE] runs once for ten that come with one approval", async () => {
    const id = await gate.approved();
    const paused = gate.pause();
    const replies = Array.from({ length: 10 }, () => gate.execute({ id, parameters: LARGE }));
    await paused.arrived;
    const busy = await gate.execute({ id, parameters: LARGE });
    paused.answer();
    const answers = [busy, ...(await Promise.all(replies))];
    const outcomes = answers.map(({ body }) => body.code ?? body.outcome);
    expect(new Set(outcomes)).toEqual(new Set(["success", "EXECUTION_CLAIMED"]));
    expect(amounts()).toEqual([500]);
  });

  it("is waited for with its approval", async () => {
    const id = await gate.hold();
    const wait = gate.approval(id, "?wait_ms=30000");
    await gate.approve(id);
    const { body } = await wait;
    expect(body).toMatchObject({ status: "APPROVED", execution_status: "NONE" });
    await gate.execute({ id, parameters: undefined });
    const done = gateApprovalSchema.parse((await gate.approval(id)).body);
    expect(done).toMatchObject({ execution_status: "COMMITTED", result: { outcome: "success" } });
  });

  it("is nobody else's to wait for", async () => {
    const id = await gate.hold();
    const other = await LeaseHolder.create(gate.world, {}, "otherAgent");
    expect(codeOf(await other.call("GET", `/v1/approvals/${id}`))).toBe("REQUEST_NOT_FOUND");
  });
});

describe("[P-GATE-ONCE] a call sent again", () => {
  it("answers what is on record, and runs nothing", async () => {
    const id = typeidUnboxed("req");
    const first = await gate.execute({ id });
    const again = await gate.execute({ id });
    expect(again.body).toEqual({ ...first.body, replayed: true });
    expect(amounts()).toEqual([50]);
  });

  it("waits on while it is pending", async () => {
    const id = await gate.hold();
    const again = await gate.execute({ id, parameters: LARGE });
    expect([again.status, again.body.status]).toEqual([202, "PENDING"]);
  });

  it("is refused while it runs", async () => {
    const paused = gate.pause();
    const id = typeidUnboxed("req");
    const first = gate.execute({ id });
    await paused.arrived;
    const again = await gate.execute({ id });
    expect(codeOf(again)).toBe("EXECUTION_CLAIMED");
    expect(again.body.current_execution.status).toBe("CLAIMED");
    paused.answer();
    expect((await first).body.outcome).toBe("success");
  });

  it.each([
    ["REJECTED", (id: string) => gate.world.decide(id, { decision: "reject", revision: 1 })],
    ["EXPIRED", async () => gate.world.clock.advance(60_000)],
    [
      "CANCELLED",
      (id: string) => gate.world.call("POST", `/v1/requests/${id}/cancel`, { as: "agent" }),
    ],
  ] as const)("runs nothing once it is %s", async (status, end) => {
    const id = await gate.hold({ timeout_ms: 60_000 });
    await end(id);
    const again = await gate.execute({ id, parameters: undefined });
    expect([codeOf(again), again.body.current?.status]).toEqual(["NOT_APPROVED", status]);
    expect(gate.service.calls).toEqual([]);
  });

  it("runs nothing that was denied", async () => {
    const id = typeidUnboxed("req");
    await gate.execute({ id, parameters: HUGE });
    expect(codeOf(await gate.execute({ id, parameters: HUGE }))).toBe("NOT_APPROVED");
  });

  it("runs no other parameters than were asked with", async () => {
    const id = await gate.approved();
    expect(codeOf(await gate.execute({ id, parameters: { amount: 501 } }))).toBe(
      "ARGUMENTS_CHANGED",
    );
    expect(gate.service.calls).toEqual([]);
  });

  it.each([
    ["of another agent", () => LeaseHolder.create(gate.world, {}, "otherAgent"), {}],
    ["with another run", async () => gate.agent, { run_id: "run-2" }],
  ])("is a conflict %s", async (_, holder, fields) => {
    const id = typeidUnboxed("req");
    await gate.execute({ id });
    expect(codeOf(await gate.execute({ id, ...fields }, { as: await holder() }))).toBe(
      "REQUEST_ID_CONFLICT",
    );
  });

  it("is a conflict where the id is that of another action, or of a request that is no call", async () => {
    await gate.register({ id: "other" });
    const id = typeidUnboxed("req");
    await gate.execute({ id });
    expect(codeOf(await gate.execute({ id }, { action: "other" }))).toBe("REQUEST_ID_CONFLICT");
    const asked = await gate.world.ask();
    expect(codeOf(await gate.execute({ id: asked.id }))).toBe("REQUEST_ID_CONFLICT");
    expect(gate.service.calls).toHaveLength(1);
  });

  it("stays unknown where nobody can say what became of it", async () => {
    gate.service.answerJson(500, {});
    const id = typeidUnboxed("req");
    await gate.execute({ id });
    const again = await gate.execute({ id });
    expect(again.body).toMatchObject({ outcome: "outcome_unknown", replayed: true });
    expect(gate.service.calls).toHaveLength(1);
  });

  it("runs again under the same key where the receiver is given one", async () => {
    await gate.register({ version: "2.0.0", idempotency: { header: "Idempotency-Key" } });
    gate.service.answerJson(500, {});
    const id = typeidUnboxed("req");
    await gate.execute({ id });
    gate.service.answerJson(201, { id: "re_1" });
    const again = await gate.execute({ id });
    expect(again.body).toMatchObject({ outcome: "success" });
    expect(again.body).not.toHaveProperty("replayed");
    const keys = gate.service.calls.map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });
});

describe("the manifest of a call", () => {
  it("is the one it was asked with, whatever came after", async () => {
    const id = await gate.approved();
    await gate.register({
      version: "2.0.0",
      provider: {
        type: "http",
        method: "POST",
        url: `${gate.service.origin}/elsewhere`,
        body: { amount: "{amount}" },
      },
    });
    expect((await gate.execute({ id, parameters: undefined })).body.action_version).toBe("1.0.0");
    expect(gate.service.calls.map(({ path }) => path)).toEqual(["/refunds"]);
  });

  it("runs nothing any more once it is withdrawn, and says what ran before", async () => {
    const done = typeidUnboxed("req");
    await gate.execute({ id: done });
    const id = await gate.approved();
    await gate.world.call("POST", "/v1/actions/refund/withdraw", { as: "admin" });
    expect(codeOf(await gate.execute({ id, parameters: LARGE }))).toBe("ACTION_WITHDRAWN");
    expect(codeOf(await gate.execute())).toBe("ACTION_NOT_FOUND");
    expect((await gate.execute({ id: done })).body.replayed).toBe(true);
    expect(amounts()).toEqual([50]);
  });
});

describe("[P-GATE-BUDGET] a budget", () => {
  it("refuses what the session does not bear, with a receipt", async () => {
    await gate.connect({ max_calls: 1 });
    await gate.execute();
    const id = typeidUnboxed("req");
    const reply = await gate.execute({ id });
    expect([reply.status, codeOf(reply)]).toEqual([403, "LEASE_BUDGET_EXHAUSTED"]);
    const receipts = await gate.receiptsOf(id);
    expect(receipts[1]).toMatchObject({
      type: "request.rejected",
      actor: { type: "policy", id: "lease-budget" },
    });
    expect(gate.service.calls).toHaveLength(1);
  });

  it("counts what the parameters say a call costs, as they were approved", async () => {
    await gate.register({
      version: "2.0.0",
      cost: { currency: "EUR", amount_parameter: "/amount" },
    });
    await gate.connect({ max_cost: { amount_minor: 150, currency: "EUR" } });
    const id = await gate.hold();
    await gate.approve(id, { amount: 101 });
    expect((await gate.execute({ id, parameters: undefined })).body.outcome).toBe("success");
    expect(codeOf(await gate.execute())).toBe("LEASE_BUDGET_EXHAUSTED");
    expect((await gate.execute({ parameters: { amount: 49 } })).body.outcome).toBe("success");
  });

  it("is given back when nothing was sent", async () => {
    await gate.connect({ max_calls: 1 });
    await gate.world.call("DELETE", "/v1/secrets/API_TOKEN", { as: "admin" });
    const failed = await gate.execute();
    expect(failed.body).toMatchObject({ outcome: "failed", error: { code: "secret_missing" } });
    const body = { value: CANARY };
    await gate.world.call("PUT", "/v1/secrets/API_TOKEN", { as: "admin", body });
    expect((await gate.execute()).body.outcome).toBe("success");
  });
});

describe("[P-GATE-FREEZE] a freeze", () => {
  it("keeps an approved call from running, by the old lease and by a new one", async () => {
    const id = await gate.approved();
    await gate.setAuthority(true);
    expect(codeOf(await gate.execute({ id, parameters: LARGE }))).toBe("LEASE_INVALID");
    await gate.setAuthority(false);
    await gate.connect();
    expect(codeOf(await gate.execute({ id, parameters: LARGE }))).toBe("AUTHORITY_FROZEN");
    expect(gate.service.calls).toEqual([]);
  });

  it("lets what had begun end as it ends, on record", async () => {
    const paused = gate.pause();
    const id = typeidUnboxed("req");
    const running = gate.execute({ id });
    await paused.arrived;
    await gate.setAuthority(true);
    paused.answer();
    expect((await running).body.outcome).toBe("success");
  });
});

describe("an agent", () => {
  it("cannot ask for the gate's service, nor speak for what the gate runs", async () => {
    const body = { id: typeidUnboxed("req"), service: "Gate", action: "refund", payload: SMALL };
    expect(codeOf(await gate.world.call("POST", "/v1/requests", { as: "agent", body }))).toBe(
      "VALIDATION_FAILED",
    );
    const id = await gate.approved();
    const { body: request } = await gate.world.call("GET", `/v1/requests/${id}`, { as: "agent" });
    const claim = {
      id: typeidUnboxed("exe"),
      grant_id: request.grant.id,
      approved_digest: request.grant.approved_digest,
    };
    const claimed = await gate.world.call("POST", `/v1/requests/${id}/executions`, {
      as: "agent",
      body: claim,
    });
    expect(codeOf(claimed)).toBe("PERMISSION_DENIED");
  });

  it.each([
    ["renew", { fencing_token: 1 }],
    ["commit", { fencing_token: 1, result: {} }],
    ["fail", { fencing_token: 1, error: {} }],
    ["reconcile", { outcome: "committed", evidence: { seen: true } }],
  ])("cannot %s a run of the gate", async (verb, body) => {
    gate.service.answerJson(500, {});
    const { execution_id: execution } = (await gate.execute()).body;
    const path = `/v1/executions/${execution}/${verb}`;
    expect(codeOf(await gate.world.call("POST", path, { as: "agent", body }))).toBe(
      "PERMISSION_DENIED",
    );
  });
});

describe("receipts", () => {
  it("[G7] of a call that a person let through prove what was run, by whom, and what came of it", async () => {
    const id = await gate.approved({ amount: 120 });
    const { body } = await gate.execute({ id, parameters: undefined });
    const receipts = await gate.receiptsOf(id);
    expect(receipts.map(({ type }) => type)).toEqual([
      "request.created",
      "request.approved",
      "execution.claimed",
      "execution.committed",
    ]);
    for (const receipt of receipts) {
      expect(receipt).toMatchObject({
        policy: { verdict: "hold", policies: ["large"] },
        payload_digest: digestTextOf(LARGE),
        gate: { action_digest: body.action_digest, action_version: "1.0.0" },
      });
    }
    const last = receipts.at(-1);
    expect(last).toMatchObject({
      id: body.receipt_id,
      approved_digest: digestTextOf({ amount: 120 }),
      execution: { result_digest: digestTextOf(body.output) },
      gate: { approved_by: body.approved_by, verification: "verified" },
    });
  });
});
