import { describe, expect, test, vi } from "vitest";
import {
  ActionDeniedError,
  ActionFailedError,
  ApprovalRejectedError,
  ApprovalRequiredError,
  BudgetExhaustedError,
  ConnectionError,
  GrantError,
  Holdpoint,
  IdempotencyConflictError,
  isFullySuccessful,
  OutcomeUnknownError,
  PermissionDeniedError,
  ValidationError,
} from "../index.js";
import {
  decidedApproval,
  type FakeGateOptions,
  fakeGate,
  type ProvenCall,
  RECEIPT_ID,
  wireApproval,
  wireRun,
} from "../test-kit/fake-gate.js";
import { API_KEY, BASE_URL, problem, REQUEST_ID } from "../test-kit/fixtures.js";

function connect(answer: FakeGateOptions["answer"], options: object = {}) {
  const gate = fakeGate(answer ? { answer } : {});
  const hp = new Holdpoint({
    apiKey: API_KEY,
    baseUrl: BASE_URL,
    fetch: gate.fetch,
    maxRetries: 0,
    ...options,
  });
  const paths = () => gate.calls.map(({ method, path }) => `${method} ${path}`);
  return { ...gate, ...hp, hp, paths };
}

const idOf = ({ body, path }: ProvenCall) => String(body?.id ?? path.split(/[/?]/)[3]);
const failure = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

describe("gate.execute", () => {
  test("sends the call once, and shows how it ended", async () => {
    const { gate, paths, calls } = connect(undefined, { agent: "Bot", environment: "test" });
    const result = await gate.execute(
      "github-issue",
      { title: "Bug", labels: undefined },
      { id: REQUEST_ID, timeoutMs: 60_000, runId: "run-1", parentRequestId: REQUEST_ID },
    );
    expect(paths()).toEqual(["POST /v1/actions/github-issue/execute"]);
    expect(calls[0]?.body).toEqual({
      id: REQUEST_ID,
      parameters: { title: "Bug" },
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      timeout_ms: 60_000,
      agent_label: "Bot",
      environment: "test",
      run_id: "run-1",
      parent_request_id: REQUEST_ID,
    });
    expect(result).toEqual({
      id: REQUEST_ID,
      executionId: expect.stringMatching(/^exe_/),
      action: "github-issue",
      actionVersion: "1.0.0",
      actionDigest: expect.stringMatching(/^sha256:/),
      outcome: "success",
      output: { number: 7 },
      verification: { status: "verified" },
      fullySuccessful: true,
      approvedBy: { type: "policy", id: "policy" },
      receiptId: RECEIPT_ID,
      sessionId: expect.stringMatching(/^gss_/),
      startedAt: new Date("2026-11-22T09:30:00.000Z"),
      finishedAt: new Date("2026-11-22T09:30:01.000Z"),
      replayed: false,
    });
    expect(isFullySuccessful(result)).toBe(true);
  });

  test.each([
    ["verified", "success", true],
    ["unverifiable", "success", true],
    ["failed", "success", false],
    ["not_run", "success", false],
    ["verified", "failed", false],
  ] as const)("%s and %s is fully successful: %s", (status, outcome, expected) => {
    expect(isFullySuccessful({ outcome, verification: { status } })).toBe(expected);
  });

  test("[G4] a run that failed, or may have had its effect, is no result", async () => {
    const error = { code: "refused_by_service", message: "It said 404.", status: 404 } as const;
    const run = { verification: { status: "not_run" }, fully_successful: false } as const;
    const failed = connect((call) => wireRun({ ...run, id: idOf(call), outcome: "failed", error }));
    const thrown = await failure(failed.gate.execute("github-issue"));
    expect(thrown).toBeInstanceOf(ActionFailedError);
    expect(thrown).toMatchObject({
      code: "ACTION_FAILED",
      action: "github-issue",
      fault: "refused_by_service",
      serviceStatus: 404,
      receiptId: RECEIPT_ID,
      retryable: false,
      message: expect.stringContaining("It said 404."),
    });
    const timeout = { code: "timeout", message: "Too slow." } as const;
    const unknown = connect((call) =>
      wireRun({ ...run, id: idOf(call), outcome: "outcome_unknown", error: timeout }),
    );
    const unclear = await failure(unknown.gate.execute("github-issue"));
    expect(unclear).toBeInstanceOf(OutcomeUnknownError);
    expect(unclear).toMatchObject({ code: "OUTCOME_UNKNOWN", receiptId: RECEIPT_ID });
  });

  test.each([
    ["ACTION_DENIED", 403, ActionDeniedError],
    ["LEASE_BUDGET_EXHAUSTED", 403, BudgetExhaustedError],
    ["AUTHORITY_FROZEN", 403, PermissionDeniedError],
    ["SCOPE_MISSING", 403, PermissionDeniedError],
    ["PARAMETERS_INVALID", 422, ValidationError],
    ["ARGUMENTS_CHANGED", 409, GrantError],
  ] as const)("%s is its own error, and nothing is sent again", async (code, status, type) => {
    const { gate, calls } = connect(() => problem(status, code), { maxRetries: 3 });
    const error = await failure(gate.execute("github-issue"));
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ code, status, requestId: idOf(calls[0] as ProvenCall) });
    expect(calls).toHaveLength(1);
  });

  test("refuses what it cannot send, before anything is sent", async () => {
    const { gate, leases } = connect(undefined);
    const wrong: readonly [string, object?, object?][] = [
      ["../v1/me"],
      ["Github"],
      ["github-issue", [] as object],
      ["github-issue", { at: 1n }],
      ["github-issue", {}, { id: "req_1" }],
      ["github-issue", {}, { id: REQUEST_ID, idempotencyKey: "key" }],
      ["github-issue", {}, { approval: REQUEST_ID, idempotencyKey: "key" }],
      ["github-issue", {}, { timeoutMs: 1 }],
    ];
    for (const input of wrong) {
      expect(await failure(gate.execute(...input))).toBeInstanceOf(ValidationError);
    }
    expect(leases).toEqual([]);
  });
});

describe("a held call", () => {
  const held = (call: ProvenCall) =>
    Response.json(wireApproval({ id: idOf(call) }), { status: 202 });

  test("is an error that says where it is decided, and how to go on", async () => {
    const { gate, calls } = connect(held);
    const onPending = vi.fn();
    const error = await failure(gate.execute("github-issue", {}, { onPending }));
    const id = idOf(calls[0] as ProvenCall);
    expect(error).toBeInstanceOf(ApprovalRequiredError);
    expect(error).toMatchObject({
      code: "APPROVAL_REQUIRED",
      approvalId: id,
      requestId: id,
      url: `${BASE_URL}/requests/${id}`,
      expiresAt: new Date("2026-11-23T09:30:00.000Z"),
    });
    expect(onPending).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ id }));
  });

  test("is waited for and run once, in one call", async () => {
    const { gate, paths, calls } = connect((call, count) => {
      if (count === 1) return held(call);
      return call.method === "GET" ? decidedApproval("APPROVED", { id: idOf(call) }) : undefined;
    });
    const result = await gate.execute("github-issue", { title: "Bug" }, { wait: true });
    expect(result.outcome).toBe("success");
    expect(paths()).toEqual([
      "POST /v1/actions/github-issue/execute",
      `GET /v1/approvals/${result.id}?wait_ms=25000`,
      "POST /v1/actions/github-issue/execute",
    ]);
    expect(calls[2]?.body).toEqual(calls[0]?.body);
  });

  test("is run by its id alone, in any process", async () => {
    const { gate, calls } = connect(undefined, { agent: "Bot", environment: "other" });
    await gate.execute("github-issue", undefined, { approval: REQUEST_ID });
    expect(calls[0]?.body).toEqual({ id: REQUEST_ID });
    await gate.execute("github-issue", { title: "Bug" }, { approval: REQUEST_ID });
    expect(calls[1]?.body).toEqual({ id: REQUEST_ID, parameters: { title: "Bug" } });
  });

  test.each([
    ["REJECTED", "APPROVAL_REJECTED"],
    ["EXPIRED", "APPROVAL_EXPIRED"],
    ["CANCELLED", "APPROVAL_CANCELLED"],
  ] as const)("[G4] that is %s does not run", async (status, code) => {
    const answer: FakeGateOptions["answer"] = (call, count) => {
      if (count === 1) return held(call);
      return decidedApproval(status, { id: idOf(call), reason: "Not now." });
    };
    const waited = connect(answer);
    const error = await failure(waited.gate.execute("github-issue", {}, { wait: true }));
    expect(error).toBeInstanceOf(ApprovalRejectedError);
    expect(error).toMatchObject({ code, approval: { status, reason: "Not now." } });
    expect(waited.calls).toHaveLength(2);

    const later = connect(({ method, ...call }) =>
      method === "POST"
        ? problem(409, "NOT_APPROVED")
        : decidedApproval(status, { id: idOf({ method, ...call }) }),
    );
    const again = await failure(
      later.gate.execute("github-issue", undefined, { approval: REQUEST_ID }),
    );
    expect(again).toMatchObject({ code, requestId: REQUEST_ID });
  });

  test("that the policy or a budget has refused says the same again", async () => {
    const refusedBy = (id: string) =>
      connect((call) =>
        call.method === "POST"
          ? problem(409, "NOT_APPROVED")
          : decidedApproval("REJECTED", { id: idOf(call), decided_by: { type: "policy", id } }),
      ).gate.execute("github-issue", {}, { id: REQUEST_ID });
    expect(await failure(refusedBy("policy"))).toBeInstanceOf(ActionDeniedError);
    expect(await failure(refusedBy("lease-budget"))).toBeInstanceOf(BudgetExhaustedError);
  });

  test("is waited for, for a while, or read as it stands", async () => {
    const { gate, paths } = connect((call) =>
      call.path.endsWith("wait_ms=25000")
        ? decidedApproval("REJECTED", { id: idOf(call), reason: "Not now." })
        : wireApproval({ id: idOf(call), role: "billing" }),
    );
    expect(await gate.approval(REQUEST_ID)).toMatchObject({
      status: "REJECTED",
      reason: "Not now.",
    });
    const pending = { status: "PENDING", role: "billing" };
    expect(await gate.approval(REQUEST_ID, { waitMs: 0 })).toMatchObject(pending);
    expect(await gate.approval(REQUEST_ID, { waitMs: 1 })).toMatchObject(pending);
    expect(paths().slice(0, 3)).toEqual([
      `GET /v1/approvals/${REQUEST_ID}?wait_ms=25000`,
      `GET /v1/approvals/${REQUEST_ID}`,
      `GET /v1/approvals/${REQUEST_ID}?wait_ms=1`,
    ]);
    expect(await failure(gate.approval("../me"))).toBeInstanceOf(ValidationError);
  });
});

describe("an answer that is lost", () => {
  const lost = () => Promise.reject(new TypeError("fetch failed"));

  test("[G2] [P-GATE-LOST] leaves the outcome unknown, unless the same call again finds it", async () => {
    const { gate, calls } = connect(lost);
    const error = await failure(gate.execute("github-issue"));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ requestId: idOf(calls[0] as ProvenCall), retryable: false });
    for (const name of [{ id: REQUEST_ID }, { idempotencyKey: "key" }]) {
      const named = await failure(gate.execute("github-issue", {}, name));
      expect(named).toBeInstanceOf(ConnectionError);
      expect(named).toMatchObject({ retryable: true });
    }
  });

  test("[P-GATE-LOST] is asked for again under the same id, with another proof", async () => {
    const { gate, calls, faults } = connect(
      (call, count) => (count === 1 ? lost() : wireRun({ id: idOf(call), replayed: true })),
      { maxRetries: 1 },
    );
    expect((await gate.execute("github-issue")).replayed).toBe(true);
    expect(calls[1]?.body).toEqual(calls[0]?.body);
    expect(calls[1]?.claims.jti).not.toBe(calls[0]?.claims.jti);
    expect(faults).toEqual([]);
  });

  test("of a call that is under way is waited for", async () => {
    const { gate, calls } = connect((_call, count) =>
      count < 3 ? problem(409, "EXECUTION_CLAIMED") : undefined,
    );
    expect((await gate.execute("github-issue")).outcome).toBe("success");
    expect(calls).toHaveLength(3);
  });

  test("is no matter before anything was sent", async () => {
    const down = () => Promise.reject(new TypeError("fetch failed"));
    const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch: down, maxRetries: 0 });
    expect(await failure(hp.gate.execute("github-issue"))).toBeInstanceOf(ConnectionError);
  });
});

describe("[G4] [P-GATE-LOST] an odd answer is no success", () => {
  const run = (id: string) => wireRun({ id });
  const odd: readonly [string, (id: string) => Response | object][] = [
    ["null", () => new Response("null")],
    ["an empty list", () => new Response("[]")],
    ["HTML", () => new Response("<html>")],
    ["nothing", () => new Response("")],
    ["a number", () => new Response("7")],
    ["a held call without id", () => Response.json({ status: "PENDING" }, { status: 202 })],
    ["another call's success", () => wireRun({ id: "req_01h455vb4pex5vsknk084sn02r" })],
    ["an unknown outcome", (id) => ({ ...run(id), outcome: "maybe" })],
    ["a success with an error", (id) => ({ ...run(id), error: { code: "timeout", message: "m" } })],
    ["a failure without an error", (id) => ({ ...run(id), outcome: "failed" })],
    ["no verification", (id) => ({ ...run(id), verification: undefined })],
    ["full success unverified", (id) => ({ ...run(id), verification: { status: "failed" } })],
    ["an agent as approver", (id) => ({ ...run(id), approved_by: { type: "agent", id: "agt_1" } })],
    ["no receipt", (id) => ({ ...run(id), receipt_id: undefined })],
  ];

  test.each(odd)("%s", async (_name, answer) => {
    const { gate } = connect((call) => answer(idOf(call)));
    const error = await failure(gate.execute("github-issue"));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect((error as Error).cause).toMatchObject({ code: "RESPONSE_INVALID" });
  });

  test.each([
    ["null", new Response("null", { status: 403 }), "PERMISSION_DENIED"],
    ["a list", new Response("[1]", { status: 409 }), "RESOURCE_CONFLICT"],
    ["HTML", new Response("<html>", { status: 401 }), "CREDENTIAL_INVALID"],
    ["a text", Response.json("no", { status: 422 }), "VALIDATION_FAILED"],
    ["an unknown code", problem(403, "NEVER_HEARD_OF"), "PERMISSION_DENIED"],
  ])("an error of odd form is typed: %s", async (_name, answer, code) => {
    const { gate } = connect(() => answer.clone());
    expect(await failure(gate.execute("github-issue"))).toMatchObject({ code });
  });

  test("leases and approvals too", async () => {
    const { gate } = connect(() => ({ id: REQUEST_ID, status: "APPROVED" }));
    const read = gate.approval(REQUEST_ID, { waitMs: 0 });
    expect(await failure(read)).toMatchObject({ code: "RESPONSE_INVALID" });
    const fetch = async () => Response.json({ token: "t\r\nx: y" });
    const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch });
    expect(await failure(hp.gate.connect())).toMatchObject({ code: "RESPONSE_INVALID" });
  });
});

describe("a key", () => {
  test("names one call in every process", async () => {
    const first = connect(undefined);
    const second = connect(undefined);
    for (const { gate } of [first, second]) {
      await gate.execute("github-issue", {}, { idempotencyKey: "order-7" });
    }
    const other = await second.gate.execute("github-issue", {}, { idempotencyKey: "order-8" });
    expect(idOf(first.calls[0] as ProvenCall)).toBe(idOf(second.calls[0] as ProvenCall));
    expect(other.id).not.toBe(idOf(first.calls[0] as ProvenCall));
  });

  test("finds its call whatever the labels say, and no other", async () => {
    const found = connect((_call, count) =>
      count === 1 ? problem(409, "REQUEST_ID_CONFLICT") : undefined,
    );
    const options = { idempotencyKey: "order-7", runId: "run-2" };
    await found.gate.execute("github-issue", { title: "Bug" }, options);
    expect(found.calls[1]?.body).toEqual({
      id: idOf(found.calls[0] as ProvenCall),
      parameters: { title: "Bug" },
    });
    for (const code of ["REQUEST_ID_CONFLICT", "ARGUMENTS_CHANGED"]) {
      const { gate } = connect(() => problem(409, code));
      const error = await failure(gate.execute("github-issue", {}, options));
      expect(error).toBeInstanceOf(IdempotencyConflictError);
    }
  });
});

describe("what an agent may do", () => {
  const action = {
    id: "github-issue",
    version: "1.0.0",
    digest: `sha256:${"a".repeat(64)}`,
    title: "Open an issue",
    description: "Opens an issue.",
    risk: "low",
    approval: "policy",
    parameters: { type: "object" },
    egress: { domains: ["api.github.com"] },
    verification: "status",
    returns_output: true,
  };

  test("is listed, all pages of it", async () => {
    const { gate, paths } = connect(({ path }) =>
      path.includes("cursor")
        ? { data: [{ ...action, id: "slack-message" }], next_cursor: null }
        : { data: [action], next_cursor: "a b" },
    );
    const actions = await gate.actions();
    expect(actions.map(({ id }) => id)).toEqual(["github-issue", "slack-message"]);
    expect(actions[0]).toEqual({
      id: "github-issue",
      version: "1.0.0",
      digest: action.digest,
      title: "Open an issue",
      description: "Opens an issue.",
      risk: "low",
      approval: "policy",
      parameters: { type: "object" },
      egress: { domains: ["api.github.com"] },
      verification: "status",
      returnsOutput: true,
    });
    expect(paths()).toEqual(["GET /v1/actions", "GET /v1/actions?cursor=a%20b"]);
  });

  test("is told where it goes, and never takes an unknown answer for nowhere", async () => {
    const { gate } = connect(() => ({ action: "github-issue", version: "1.0.0", egress: "none" }));
    expect(await gate.egress("github-issue")).toBe("none");
    const odd = connect(() => ({ egress: "all" }));
    expect(await failure(odd.gate.egress("github-issue"))).toMatchObject({
      code: "RESPONSE_INVALID",
    });
  });
});
