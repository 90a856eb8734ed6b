import { ConfigurationError, ExecutionFailedError, type Holdpoint } from "@holdpoint/sdk";
import {
  createGate,
  describeError,
  type GatedCall,
  type GateOptions,
  type GatePolicy,
  type RanOutcome,
} from "@holdpoint/sdk/adapter";
import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

let plane: TestControlPlane;
let client: Holdpoint;
beforeEach(async () => {
  plane = await createTestControlPlane();
  client = plane.client();
});
afterEach(() => plane.close());

const call: GatedCall = { tool: "transfer", args: { amount: 5 }, toolCallId: "call_1" };

function gateWith(options: Partial<GateOptions> = {}) {
  return createGate(Object.freeze({ service: "bank", holdpoint: client, runId: "r1", ...options }));
}

/** A tool that counts how often it ran. */
function createTool<Result>(result: Result) {
  return vi.fn(async (_args: unknown) => result);
}

describe("the policy", () => {
  const POLICIES: readonly [string, GatePolicy | undefined, string][] = [
    ["none", undefined, "ask"],
    ["one verdict", "observe", "observe"],
    ["a table that names the tool", { transfer: "deny", "*": "allow" }, "deny"],
    ["a table that does not", { search: "observe", "*": "allow" }, "allow"],
    ["a table without a rest", { search: "observe" }, "ask"],
    ["a table without it", { "*": "allow" }, "allow"],
    ["a function that says true", () => true, "ask"],
    ["a function that says false", async () => false, "observe"],
    ["a function that gives a verdict", ({ tool }) => (tool === "x" ? "ask" : "allow"), "allow"],
  ];
  test.each(POLICIES)("%s", async (_name, policy, verdict) => {
    expect(await gateWith({ policy }).judge(call)).toBe(verdict);
  });

  test("[G4] a table or verdict that is none is refused when the gate is made", () => {
    for (const policy of ["approve", { transfer: "maybe" }, null, 1]) {
      expect(() => gateWith({ policy: policy as GatePolicy })).toThrow(ConfigurationError);
    }
  });

  test("[G4] a function that throws or says something else: nothing runs, nobody is asked", async () => {
    const failures: GatePolicy[] = [
      () => {
        throw new Error("no rules");
      },
      () => "yes" as "ask",
      async () => undefined as unknown as boolean,
    ];
    for (const policy of failures) {
      const tool = createTool("sent");
      const error = await gateWith({ policy })
        .run(call, tool)
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error).toMatchObject({ code: "CONFIGURATION_INVALID" });
      expect(tool).not.toHaveBeenCalled();
    }
    expect(await plane.pending()).toEqual([]);
  });
});

test("no API key is told when the gate is made, not when a call is pending", () => {
  vi.stubEnv("HOLDPOINT_API_KEY", "");
  expect(() => createGate({ service: "bank" })).toThrow(ConfigurationError);
  vi.unstubAllEnvs();
});

test("[G2] the question of a call is found again: pending, then run once, then on record", async () => {
  const tool = createTool({ receipt: 7 });
  const pending = await gateWith().run({ ...call, wait: false }, tool);
  expect(pending).toMatchObject({ type: "pending", text: expect.stringMatching(/^PENDING/) });
  const { id } = await plane.waitForRequest();
  expect(pending).toMatchObject({ id });
  await plane.approve(id);
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => gateWith({ holdpoint: plane.client() }).run(call, tool)),
  );
  expect(tool).toHaveBeenCalledOnce();
  for (const outcome of outcomes) expect(outcome).toMatchObject({ result: { receipt: 7 } });
  expect(outcomes.filter((each) => (each as RanOutcome<unknown>).isReplay)).toHaveLength(19);
});

test("[G2] changed arguments are a conflict; another tool, run or call is another question", async () => {
  const gate = gateWith();
  const first = await gate.hold(call);
  await plane.approve(first.id);
  const tool = createTool("sent");
  const changed = gate.run({ ...call, args: { amount: 6 } }, tool);
  await expect(changed).rejects.toMatchObject({ code: "IDEMPOTENCY_CONFLICT" });
  for (const other of [{ tool: "donate" }, { runId: "r2" }, { toolCallId: "call_2" }]) {
    const outcome = await gate.run({ ...call, ...other, wait: false }, tool);
    expect(outcome).toMatchObject({ type: "pending" });
  }
  expect(tool).not.toHaveBeenCalled();
});

test("an aborted call leaves its question open, or takes it back when told to", async () => {
  for (const [cancelOnAbort, status] of [
    [false, "PENDING"],
    [true, "CANCELLED"],
  ] as const) {
    const abort = new AbortController();
    const reason = new Error("The user has left.");
    const tool = createTool("sent");
    const gate = gateWith({ cancelOnAbort, runId: status, onPending: () => abort.abort(reason) });
    const running = gate.run({ ...call, signal: abort.signal }, tool);
    await expect(running).rejects.toBe(reason);
    const { data } = await client.requests.list({ runId: status });
    expect(data).toMatchObject([{ status }]);
    expect(tool).not.toHaveBeenCalled();
  }
});

test("a gate without a run id shares no questions with another gate", async () => {
  const { runId: _, ...own } = { service: "bank", holdpoint: client, runId: "" };
  const tool = createTool("sent");
  const ids = await Promise.all(
    [createGate(own), createGate(own)].map(async (gate) => (await gate.hold(call)).id),
  );
  expect(new Set(ids).size).toBe(2);
  expect(tool).not.toHaveBeenCalled();
});

test("what is asked: the action as it is named, its labels, its role", async () => {
  const gate = gateWith({
    action: ({ tool }) => `please ${tool}`,
    priority: () => "critical",
    role: "finance",
    metadata: { ticket: 12 },
  });
  await gate.hold(call);
  expect(await plane.waitForRequest()).toMatchObject({
    service: "bank",
    action: "please transfer",
    priority: "critical",
    role: "finance",
    run_id: "r1",
    metadata: { ticket: 12, "holdpoint.tool": "transfer", "holdpoint.tool_call_id": "call_1" },
  });
});

test("an edit reaches the tool and, as a note, the model; later calls are told the same", async () => {
  const gate = gateWith();
  const { id } = await gate.hold(call);
  await plane.approve(id, { patch: { amount: 3 }, reason: "Less." });
  const tool = vi.fn(async (args: unknown) => args);
  const outcome = await gate.run(call, tool);
  expect(outcome).toMatchObject({ type: "ran", result: { amount: 3 }, isReplay: false });
  expect((outcome as RanOutcome<unknown>).note).toMatchInlineSnapshot(`
    "A person edited the arguments before this ran. It ran with these, and not with the ones you gave:
    {"amount":3}
    What was changed: Changed /amount from 5 to 3.
    [{"path":"/amount","from":5,"to":3}]
    The person's comment: Less."
  `);
  const replay = await gate.run(call, tool);
  expect(replay).toEqual({ ...outcome, isReplay: true });
});

test("a result that is no JSON is recorded and revived by its codec", async () => {
  const gate = gateWith();
  const { id } = await gate.hold(call);
  await plane.approve(id);
  const codec = {
    record: (date: Date) => date.toISOString(),
    revive: (recorded: unknown) => new Date(recorded as string),
  };
  const moment = new Date("2026-11-28T00:00:00Z");
  for (const isReplay of [false, true]) {
    const outcome = await gate.run(call, async () => moment, codec);
    expect(outcome).toMatchObject({ result: moment, isReplay });
  }
});

test("a result too large for the record still reaches whoever ran it", async () => {
  const gate = gateWith();
  const { id } = await gate.hold(call);
  await plane.approve(id);
  const large = "x".repeat(300_000);
  expect(await gate.run(call, async () => large)).toMatchObject({ type: "ran", result: large });
  await expect(gate.run(call, async () => large)).rejects.toMatchObject({
    code: "VALIDATION_FAILED",
  });
});

test("an observed call runs at once, and only its shape is told", async () => {
  const gate = gateWith({ policy: "observe" });
  const secret = { ...call, args: { password: "hunter2" } };
  expect(await gate.run(secret, async () => "ok")).toEqual({
    type: "ran",
    result: "ok",
    isReplay: false,
  });
  await client.flush();
  const observed = await plane.observations();
  expect(observed).toMatchObject([{ service: "bank", action: "transfer", run_id: "r1" }]);
  expect(JSON.stringify(observed)).not.toContain("hunter2");
});

test("what a model reads of failures tells it what to do, and nothing of strangers' errors", async () => {
  const gate = gateWith();
  const { id } = await gate.hold(call);
  await plane.approve(id);
  const fails = async () => {
    throw new Error("hunter2");
  };
  await expect(gate.run(call, fails)).rejects.toThrow("hunter2");
  const error = await gate.run(call, fails).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ExecutionFailedError);
  const texts = [error, new Error("hunter2")].map((each) => describeError("bank / transfer", each));
  expect(texts).toMatchInlineSnapshot(`
    [
      "FAILED: bank / transfer was approved, ran, and failed. It is not run again under this approval. (EXECUTION_FAILED)
    Tell the user that it failed. To try again, make a new call, which a person decides anew.",
      "ERROR: there is no approval for bank / transfer, so do not run it.
    What failed: an unexpected error.
    What to do: asking again will not help. Tell the user that approvals do not work and pass on what failed.",
    ]
  `);
  expect(texts.join()).not.toContain("hunter2");
});
