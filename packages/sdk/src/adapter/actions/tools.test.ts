import { describe, expect, test, vi } from "vitest";
import { ConfigurationError, Holdpoint } from "../../index.js";
import {
  decidedApproval,
  type FakeGateOptions,
  fakeGate,
  type ProvenCall,
  RECEIPT_ID,
  wireApproval,
  wireRun,
} from "../../test-kit/fake-gate.js";
import { API_KEY, BASE_URL, problem } from "../../test-kit/fixtures.js";
import type { ActionTool, GateActionsOptions } from "./options.js";
import { gateActions } from "./tools.js";

const action = {
  id: "github-issue",
  version: "1.0.0",
  digest: `sha256:${"a".repeat(64)}`,
  title: "Open an issue",
  description: "Opens an issue.",
  risk: "medium",
  approval: "policy",
  parameters: {
    type: "object",
    properties: { title: { type: "string" }, body: { type: "string" } },
    required: ["title"],
  },
  egress: "none",
  verification: "status",
  returns_output: true,
};

const idOf = ({ body, path }: ProvenCall) => String(body?.id ?? path.split(/[/?]/)[3]);

async function connect(
  answer: FakeGateOptions["answer"] = () => undefined,
  options: GateActionsOptions = {},
) {
  const gate = fakeGate({
    answer: (call, count) =>
      call.path === "/v1/actions"
        ? { data: [action, { ...action, id: "slack-message" }], next_cursor: null }
        : answer(call, count - 1),
  });
  const { fetch } = gate;
  const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch, maxRetries: 0 });
  const tools = await gateActions(hp, { waitMs: 0, ...options });
  const [tool] = tools as [ActionTool];
  const executed = () => gate.calls.filter(({ method }) => method === "POST");
  return { ...gate, hp, tools, tool, executed };
}

const held = (call: ProvenCall) => Response.json(wireApproval({ id: idOf(call) }), { status: 202 });
/** Ids of new calls are drawn anew each time. */
const shown = (text: string) => text.replace(/req_[0-9a-z]{26}/g, "req_…");

describe("the tools", () => {
  test("are the actions this agent may use, found in one call under its lease", async () => {
    const { tools, calls } = await connect();
    expect(tools.map(({ name }) => name)).toEqual(["github-issue", "slack-message"]);
    expect(tools[0]).toEqual({
      name: "github-issue",
      title: "Open an issue",
      description: "Opens an issue.",
      parameters: action.parameters,
      risk: "medium",
      call: expect.any(Function),
    });
    expect(calls.map(({ path }) => path)).toEqual(["/v1/actions"]);
  });

  test("can be some of them, and never one it may not use", async () => {
    const included = await connect(undefined, { include: ["slack-message"] });
    expect(included.tools.map(({ name }) => name)).toEqual(["slack-message"]);
    const excluded = await connect(undefined, { exclude: ["slack-message"] });
    expect(excluded.tools.map(({ name }) => name)).toEqual(["github-issue"]);
    const error = await connect(undefined, { include: ["shell"] }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ConfigurationError);
  });
});

describe("[S-TOOL] what a model reads of an action", () => {
  test("[S-TOOL] the output, with its evidence for the program", async () => {
    const onReceipt = vi.fn();
    const { tool, executed } = await connect(undefined, { onReceipt, runId: "run-1" });
    const answer = await tool.call({ title: "Bug", body: null });
    expect(answer).toMatchObject({ text: '{"number":7}', isError: false });
    expect(executed()[0]?.body).toMatchObject({ parameters: { title: "Bug" }, run_id: "run-1" });
    expect(onReceipt.mock.calls).toEqual([
      [{ action: "github-issue", requestId: answer.result?.id, receiptId: RECEIPT_ID }],
    ]);
  });

  test("[S-TOOL] DONE and UNVERIFIED, where there is no output or no certainty", async () => {
    const silent = await connect((call) => {
      const { output: _, ...run } = wireRun({ id: idOf(call) });
      return run;
    });
    expect((await silent.tool.call({ title: "Bug" })).text).toBe(
      "DONE: github-issue ran with success. It gives back no output.",
    );
    const unseen = await connect((call) =>
      wireRun({ id: idOf(call), verification: { status: "failed" }, fully_successful: false }),
    );
    expect(await unseen.tool.call({ title: "Bug" })).toMatchObject({ isError: false });
    expect((await unseen.tool.call({ title: "Bug" })).text).toMatchInlineSnapshot(`
      "UNVERIFIED: github-issue ran, but its effect could not be confirmed.
      Do not call it again for that: it might happen twice. Tell the user that somebody should look.
      Its output: {"number":7}"
    `);
  });

  test("[S-TOOL] WAIT, and the same call again is the one that is held", async () => {
    const onHeld = vi.fn();
    const { tool, executed } = await connect(
      (call, count) => (count < 3 ? held(call) : undefined),
      { onHeld },
    );
    const first = await tool.call({ title: "Bug" });
    expect(first).toMatchObject({ isError: false, approval: { status: "PENDING" } });
    expect(shown(first.text)).toMatchInlineSnapshot(`
      "WAIT: a person has to decide on github-issue first. It has not run.
      It is decided at http://control-plane.test/requests/req_…, until 2026-11-23T09:30:00.000Z.
      Tell the user that it waits for approval. To see whether it may run by now, call it again later with exactly the same arguments; do not call it in another form."
    `);
    await tool.call({ title: "Bug" });
    expect((await tool.call({ title: "Bug" })).text).toBe('{"number":7}');
    await tool.call({ title: "Bug" });
    const ids = executed().map(idOf);
    expect(ids.slice(0, 3)).toEqual([ids[0], ids[0], ids[0]]);
    expect(ids[3]).not.toBe(ids[0]);
    expect(onHeld).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ id: ids[0] }));
  });

  test("[S-TOOL] what a person decides while it waits a little", async () => {
    const { tool, executed } = await connect(
      (call, count) => {
        if (count === 1) return held(call);
        return call.method === "GET" ? decidedApproval("APPROVED", { id: idOf(call) }) : undefined;
      },
      { waitMs: 5_000 },
    );
    expect((await tool.call({ title: "Bug" })).text).toBe('{"number":7}');
    expect(new Set(executed().map(idOf)).size).toBe(1);
  });

  test("[S-TOOL] STOP, FAILED, UNKNOWN and ERROR, each with what to do", async () => {
    const run = { verification: { status: "not_run" }, fully_successful: false } as const;
    const error = { code: "refused_by_service", message: "It said 404.", status: 404 } as const;
    const answers: Record<string, FakeGateOptions["answer"]> = {
      denied: () => problem(403, "ACTION_DENIED", { detail: "Request req_1." }),
      budget: () => problem(403, "LEASE_BUDGET_EXHAUSTED"),
      frozen: () => problem(403, "AUTHORITY_FROZEN"),
      failed: (call) => wireRun({ ...run, id: idOf(call), outcome: "failed", error }),
      unknown: (call) => wireRun({ ...run, id: idOf(call), outcome: "outcome_unknown", error }),
      rejected: ({ method, ...call }) =>
        method === "POST"
          ? problem(409, "NOT_APPROVED")
          : decidedApproval("REJECTED", { id: idOf({ method, ...call }), reason: "Not now." }),
      invalid: () =>
        problem(422, "PARAMETERS_INVALID", {
          issues: [{ path: "/parameters/title", message: "Expected text." }],
        }),
      busy: () => problem(429, "RATE_LIMITED"),
    };
    const texts: Record<string, string> = {};
    for (const [name, answer] of Object.entries(answers)) {
      const { tool } = await connect(answer);
      const given = await tool.call({ title: "Bug" });
      expect(given.isError).toBe(true);
      expect(given.error).toBeDefined();
      texts[name] = shown(given.text);
    }
    expect(texts).toMatchInlineSnapshot(`
      {
        "budget": "STOP: there is no budget left for github-issue. It did not run.
      Do not call it again, whole or in parts. Tell the user that the budget is used up.",
        "busy": "ERROR: github-issue did not run.
      What failed: Title: Detail. (RATE_LIMITED)
      What to do: the failure may pass. Call it again once, later; if it fails again, tell the user that actions cannot be run at the moment.",
        "denied": "STOP: the policy does not allow github-issue with these arguments. It did not run.
      Do not retry this action, in this or another form. Go on without it, or tell the user what was refused and why.",
        "failed": "FAILED: github-issue was run, and had no effect. It said 404. (refused_by_service)
      Correct the arguments where they are the cause, and call it once more; otherwise tell the user what failed.",
        "frozen": "STOP: a person has stopped everything that this agent may do. It did not run.
      Do not call this or another action. Tell the user that all authority is frozen.",
        "invalid": "ERROR: github-issue did not run.
      What failed: Title: Detail. /parameters/title: Expected text. (PARAMETERS_INVALID)
      What to do: correct the arguments (/parameters/title: Expected text.) and call it again.",
        "rejected": "STOP: github-issue was rejected. Nothing ran. The reason: Not now.
      Do not retry this action, in this or another form. Go on without it, or tell the user what was refused and why.",
        "unknown": "UNKNOWN: github-issue was begun, and nobody can say whether it had its effect.
      Do not call it again, in this or another form: it might happen twice. Tell the user that somebody has to look, and go on without its result.",
      }
    `);
  });

  test("[S-TOOL] UNKNOWN where no answer came to a call that may have run", async () => {
    const { tool } = await connect(() => Promise.reject(new TypeError("fetch failed")));
    for (const call of [{}, { callKey: "run-1/call-1" }]) {
      const { text, isError } = await tool.call({ title: "Bug" }, call);
      expect(text).toMatch(/^UNKNOWN: .*Do not call it again/s);
      expect(isError).toBe(true);
    }
  });

  test("[S-TOOL] nothing of arguments that it got wrong", async () => {
    const { tool, executed } = await connect();
    const wrong = await tool.call("hunter2");
    expect(wrong).toMatchObject({ isError: true, error: { code: "VALIDATION_FAILED" } });
    expect(wrong.text).not.toContain("hunter2");
    expect(executed()).toEqual([]);
  });
});

test("the evidence of a failure is told too, and what the program throws is the program's", async () => {
  const error = { code: "timeout", message: "Too slow." } as const;
  const run = { verification: { status: "not_run" }, fully_successful: false } as const;
  const onReceipt = vi.fn();
  const failing = await connect(
    (call) => wireRun({ ...run, id: idOf(call), outcome: "outcome_unknown", error }),
    { onReceipt },
  );
  await failing.tool.call({ title: "Bug" });
  expect(onReceipt).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ receiptId: RECEIPT_ID, action: "github-issue" }),
  );
  const reason = new Error("full disk");
  const thrower = () => {
    throw reason;
  };
  const { tool } = await connect(undefined, { onReceipt: thrower });
  await expect(tool.call({ title: "Bug" })).rejects.toBe(reason);
});

test("a call's key makes it one call in every process", async () => {
  const first = await connect();
  const second = await connect();
  const call = { callKey: "run-1/call-1" };
  await first.tool.call({ title: "Bug" }, call);
  await second.tool.call({ title: "Bug" }, call);
  const ids = [...first.executed(), ...second.executed()].map(idOf);
  expect(ids[0]).toBe(ids[1]);
});

test("a call's id makes it one call in its run", async () => {
  const { tool, executed } = await connect();
  for (const [runId, toolCallId] of ["1a", "1a", "1b", "2a"]) {
    await tool.call({ title: "Bug" }, { runId, toolCallId });
  }
  const [first, again, other, otherRun] = executed().map(idOf);
  expect(again).toBe(first);
  expect(new Set([first, other, otherRun]).size).toBe(3);
});

test("whatever its id, the same call is the one that waits in its run", async () => {
  const { tool, executed } = await connect(held);
  await tool.call({ title: "Bug" }, { runId: "run-1", toolCallId: "call-1" });
  await tool.call({ title: "Bug" }, { runId: "run-1", toolCallId: "call-2" });
  await tool.call({ title: "Bug" }, { runId: "run-2", toolCallId: "call-1" });
  await tool.call({ title: "Another" }, { runId: "run-1", toolCallId: "call-3" });
  const [first, again, ...others] = executed().map(idOf);
  expect(again).toBe(first);
  expect(new Set([first, ...others]).size).toBe(3);
});

test("whatever its id, the same call is the one whose outcome nobody knows", async () => {
  const run = { verification: { status: "not_run" }, fully_successful: false } as const;
  const error = { code: "timeout", message: "Too slow." } as const;
  const { tool, executed } = await connect((call) =>
    wireRun({ ...run, id: idOf(call), outcome: "outcome_unknown", error }),
  );
  for (const toolCallId of ["call-1", "call-2", undefined]) {
    expect((await tool.call({ title: "Bug" }, { toolCallId })).text).toMatch(/^UNKNOWN: /);
  }
  expect(new Set(executed().map(idOf)).size).toBe(1);
});

test("a call that was aborted while it waits is found again", async () => {
  const abort = new AbortController();
  const onHeld = () => abort.abort(new Error("left"));
  const { tool, executed } = await connect(
    (call, count) => (count === 1 ? held(call) : undefined),
    { onHeld, waitMs: 5_000 },
  );
  await expect(tool.call({ title: "Bug" }, { signal: abort.signal })).rejects.toThrow("left");
  expect((await tool.call({ title: "Bug" })).text).toBe('{"number":7}');
  expect(new Set(executed().map(idOf)).size).toBe(1);
});

test("an abort is its own reason", async () => {
  const { tool } = await connect();
  const reason = new Error("left");
  const { signal } = { signal: AbortSignal.abort(reason) };
  await expect(tool.call({ title: "Bug" }, { signal })).rejects.toBe(reason);
});
