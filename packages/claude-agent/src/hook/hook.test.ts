import type {
  HookCallbackMatcher,
  HookInput,
  HookJSONOutput,
  PostToolUseFailureHookInput,
  PostToolUseHookInput,
  PreToolUseHookInput,
  SyncHookJSONOutput,
} from "@anthropic-ai/claude-agent-sdk";
import { ConfigurationError, type Holdpoint } from "@holdpoint/sdk";
import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type HoldpointHookOptions, type HoldpointHooks, holdpointHook } from "./hook.js";

// The hook as Claude calls it. What Claude makes of its answers is played in claude.test.ts.

let plane: TestControlPlane;
let client: Holdpoint;
beforeEach(async () => {
  plane = await createTestControlPlane();
  client = plane.client();
});
afterEach(() => plane.close());

const SESSION = "5c3b5b0e-0a0f-4d3b-9a55-6a8f0c1f7e11";
const base = { session_id: SESSION, transcript_path: "/t", cwd: "/work", prompt_id: "p1" };
const call = { tool_name: "Bash", tool_input: { command: "make" }, tool_use_id: "toolu_1" };

function before(changes: Partial<PreToolUseHookInput> = {}): PreToolUseHookInput {
  return { ...base, ...call, hook_event_name: "PreToolUse", ...changes };
}
function after(tool_response: unknown, changes: Partial<PostToolUseHookInput> = {}) {
  return { ...base, ...call, hook_event_name: "PostToolUse", tool_response, ...changes } as const;
}
function failure(error: string, changes: Partial<PostToolUseFailureHookInput> = {}) {
  return { ...base, ...call, hook_event_name: "PostToolUseFailure", error, ...changes } as const;
}

function hookWith(options: Partial<HoldpointHookOptions> = {}): HoldpointHooks {
  const onError = () => {};
  return holdpointHook(Object.freeze({ service: "shell", holdpoint: client, onError, ...options }));
}

async function fire(
  hooks: HoldpointHooks,
  input: HookInput & { hook_event_name: keyof HoldpointHooks },
  signal = new AbortController().signal,
): Promise<SyncHookJSONOutput> {
  const [matcher] = hooks[input.hook_event_name];
  const [callback] = (matcher as HookCallbackMatcher).hooks;
  const output = (await callback?.(input, undefined, { signal })) as HookJSONOutput;
  return output as SyncHookJSONOutput;
}

const allowed = (updatedInput: object) => ({
  hookSpecificOutput: {
    hookEventName: "PreToolUse",
    permissionDecision: "allow",
    updatedInput,
  },
});
const denied = (reason: string | RegExp) => ({
  hookSpecificOutput: {
    permissionDecision: "deny",
    permissionDecisionReason: expect.stringMatching(reason),
  },
});

/** Asks, has it approved, and gives what the hook answered. */
async function approved(hooks: HoldpointHooks, input = before(), patch?: { command: string }) {
  const answer = fire(hooks, input);
  const { id } = await plane.waitForRequest();
  await plane.approve(id, patch ? { patch, reason: "Safer." } : {});
  return { id, answer: await answer };
}

describe("what Claude is told of the hooks", () => {
  test("[G4] they block when they fail, and may wait as long as the question stays open", () => {
    const { PreToolUse, PostToolUse, PostToolUseFailure } = hookWith({ matcher: "Bash|mcp__.*" });
    const callback = [expect.any(Function)];
    expect(PreToolUse).toEqual([
      { matcher: "Bash|mcp__.*", timeout: 86_520, onFailure: "block", hooks: callback },
    ]);
    const settle = { matcher: "Bash|mcp__.*", timeout: 120, hooks: callback };
    expect([PostToolUse, PostToolUseFailure]).toEqual([[settle], [settle]]);
  });

  test.each([
    [1_000, 121],
    [1_500, 122],
    // A longer one would be over at once: 2^31 milliseconds are what a timer can count.
    [2_592_000_000, 2_147_483],
  ])("a question of %i ms gives the hook %i seconds", (timeoutMs, seconds) => {
    expect(hookWith({ timeoutMs }).PreToolUse).toMatchObject([{ timeout: seconds }]);
  });

  test("no API key is told when the hook is made", () => {
    vi.stubEnv("HOLDPOINT_API_KEY", "");
    expect(() => holdpointHook({ service: "shell" })).toThrow(ConfigurationError);
    vi.unstubAllEnvs();
  });
});

describe("a call", () => {
  test("is asked as it is, for its session, and let run with what was approved", async () => {
    const { id, answer } = await approved(hookWith());
    expect(answer).toEqual(allowed({ command: "make" }));
    expect(await plane.request(id)).toMatchObject({
      service: "shell",
      action: "Bash",
      payload: { command: "make" },
      run_id: SESSION,
      metadata: { "holdpoint.tool": "Bash", "holdpoint.tool_call_id": "toolu_1" },
    });
  });

  test("[G2] uses its approval up before it is let run, and is settled by how it ended", async () => {
    const hooks = hookWith();
    const { id } = await approved(hooks);
    expect(await plane.execution(id)).toMatchObject({ status: "CLAIMED" });
    expect(await fire(hooks, after({ stdout: "built" }))).toEqual({});
    expect(await plane.execution(id)).toMatchObject({
      status: "COMMITTED",
      result: { stdout: "built" },
    });
  });

  test("that failed is on record as failed", async () => {
    const hooks = hookWith();
    const { id } = await approved(hooks);
    await fire(hooks, failure("No rule to make target."));
    expect(await plane.execution(id)).toMatchObject({
      status: "FAILED",
      error: { name: "ToolError", message: "No rule to make target." },
    });
    expect(await fire(hookWith(), before())).toMatchObject(denied(/EXECUTION_FAILED/));
  });

  test("[G2] that was interrupted, or of which nothing is heard, becomes unknown", async () => {
    const hooks = hookWith({ leaseMs: 30_000 });
    const { id } = await approved(hooks);
    await fire(hooks, failure("Interrupted.", { is_interrupt: true }));
    await plane.clock.advance(31_000);
    expect(await plane.execution(id)).toMatchObject({ status: "OUTCOME_UNKNOWN" });
    expect(await fire(hookWith(), before())).toMatchObject(
      denied(/^UNKNOWN[\s\S]*OUTCOME_UNKNOWN/),
    );
  });

  test("[G2] made 50 times at once is let run once; the others get what is on record", async () => {
    const answers = Array.from({ length: 50 }, async () => {
      const hooks = hookWith({ holdpoint: plane.client() });
      const answer = await fire(hooks, before());
      if (isAllowed(answer)) await fire(hooks, after({ stdout: "built" }));
      return answer;
    });
    const { id } = await plane.waitForRequest();
    await plane.approve(id);
    const given = await Promise.all(answers);
    expect(given.filter(isAllowed)).toHaveLength(1);
    for (const answer of given.filter((each) => !isAllowed(each))) {
      expect(answer).toMatchObject(denied(/^STOP: .* has run before[\s\S]*built/));
    }
  });

  test("with other arguments than were asked is not let run", async () => {
    await approved(hookWith());
    const changed = before({ tool_input: { command: "rm -rf /" } });
    expect(await fire(hookWith(), changed)).toMatchObject(denied(/IDEMPOTENCY_CONFLICT/));
  });

  test("[G4] whose approval is no object of arguments is not let run", async () => {
    const answer = fire(hookWith(), before());
    const { id } = await plane.waitForRequest();
    await plane.approve(id, { patch: "make all" });
    expect(await answer).toMatchObject(denied(/no object of arguments/));
    expect(await plane.execution(id)).toMatchObject({ status: "FAILED" });
  });

  test("that the policy lets through runs as Claude has it, and one it denies does not", async () => {
    const policy = { Bash: "allow", Write: "deny" } as const;
    const allow = await fire(hookWith({ policy }), before());
    expect(allow).toEqual({
      hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "allow" },
    });
    const write = before({ tool_name: "Write" });
    expect(await fire(hookWith({ policy }), write)).toMatchObject(denied(/^STOP: the policy/));
    expect(await fire(hookWith({ policy }), after({ stdout: "" }))).toEqual({});
  });

  test("is bound by its tool's schema, where one is given", async () => {
    const schema = { type: "object", properties: { command: { type: "string" } } };
    const answer = fire(hookWith({ schemas: { Bash: schema } }), before());
    const { id } = await plane.waitForRequest();
    const edit = plane.approve(id, { patch: { command: 7 } });
    await expect(edit).rejects.toMatchObject({ code: "PATCH_INVALID" });
    await plane.reject(id);
    expect(await answer).toMatchObject(denied(/^STOP/));
  });

  test("aborted while it waits throws, which blocks, and leaves the question open", async () => {
    const abort = new AbortController();
    const answer = fire(hookWith(), before(), abort.signal);
    const { id } = await plane.waitForRequest();
    abort.abort(new DOMException("Gone.", "AbortError"));
    await expect(answer).rejects.toThrow("Gone.");
    expect(await plane.request(id)).toMatchObject({ status: "PENDING" });
  });
});

describe("an edit", () => {
  test("is what runs, and is told beside the result of an MCP tool", async () => {
    const hooks = hookWith();
    const tool = { tool_name: "mcp__ci__build" };
    const patch = { command: "make check" };
    const { answer } = await approved(hooks, before(tool), patch);
    expect(answer).toEqual(allowed(patch));
    const result = [{ type: "text", text: "built" }];
    const told = await fire(hooks, after(result, tool));
    expect(told.hookSpecificOutput).toEqual({
      hookEventName: "PostToolUse",
      updatedToolOutput: [
        ...result,
        { type: "text", text: expect.stringMatching(/edited[\s\S]*make check[\s\S]*Safer\./) },
      ],
    });
  });

  test("is told as context after a built-in tool, whose result has a form of its own", async () => {
    const hooks = hookWith();
    await approved(hooks, before(), { command: "make check" });
    const told = await fire(hooks, after({ stdout: "built" }));
    expect(told.hookSpecificOutput).toEqual({
      hookEventName: "PostToolUse",
      additionalContext: expect.stringMatching(/^Bash: A person edited[\s\S]*make check/),
    });
  });
});

describe("the record", () => {
  const LARGE = "x".repeat(400_000);
  const deep = Array.from({ length: 100 }).reduce<unknown>((inner) => [inner], "deep");
  const circle: unknown[] = [];
  circle.push(circle);
  test.each<[string, unknown, object]>([
    ["a large result", { stdout: LARGE }, { truncated: true, characters: 400_013 }],
    ["half a pair", { stdout: "\ud83d" }, { unrecorded: expect.any(String) }],
    ["a result too deep", deep, { unrecorded: expect.any(String) }],
    ["no JSON", circle, { unrecorded: "not JSON" }],
  ])("of %s is bounded, and says that it ran", async (_name, response, result) => {
    const onError = vi.fn();
    const hooks = hookWith({ onError });
    const { id } = await approved(hooks);
    await fire(hooks, after(response));
    expect(await plane.execution(id)).toMatchObject({ status: "COMMITTED", result });
    expect(onError).not.toHaveBeenCalled();
  });

  test("that cannot be made is told to the program, and the conversation goes on", async () => {
    const onError = vi.fn();
    let isDown = false;
    const fetch: typeof globalThis.fetch = (...given) =>
      isDown ? Promise.reject(new TypeError("fetch failed")) : plane.fetch(...given);
    const holdpoint = plane.client({ fetch, maxRetries: 0 });
    const hooks = hookWith({ holdpoint, onError });
    await approved(hooks);
    isDown = true;
    expect(await fire(hooks, after({ stdout: "built" }))).toEqual({});
    expect(onError.mock.calls).toMatchObject([[{ code: "CONNECTION_FAILED" }]]);
  });
});

describe("deferring", () => {
  test("parks the call with its session, and answers defer at once", async () => {
    const hooks = hookWith({ whilePending: "defer" });
    const answer = await fire(hooks, before());
    expect(answer.hookSpecificOutput).toMatchObject({
      permissionDecision: "defer",
      permissionDecisionReason: expect.stringMatching(/^PENDING/),
    });
    const { state_id } = await plane.waitForRequest();
    const state = await client.states.load(state_id as string);
    expect(await state.json()).toEqual({
      adapter: "claude-agent",
      calls: [{ tool: "Bash", args: { command: "make" }, toolCallId: "toolu_1", runId: SESSION }],
      data: { sessionId: SESSION, cwd: "/work" },
    });
  });

  test("a sibling in the same turn is not asked; a call of a later turn is", async () => {
    const hooks = hookWith({ whilePending: "defer", policy: { Read: "allow" } });
    await fire(hooks, before());
    const sibling = before({ tool_use_id: "toolu_2" });
    expect(await fire(hooks, sibling)).toMatchObject(denied(/^PENDING: another call[\s\S]*again/));
    expect(await plane.pending()).toHaveLength(1);
    const harmless = before({ tool_use_id: "toolu_3", tool_name: "Read" });
    expect(isAllowed(await fire(hooks, harmless))).toBe(true);
    const later = before({ tool_use_id: "toolu_4", prompt_id: "p2" });
    expect((await fire(hooks, later)).hookSpecificOutput).toMatchObject({
      permissionDecision: "defer",
    });
    const other = before({ tool_use_id: "toolu_5", session_id: "another" });
    expect((await fire(hooks, other)).hookSpecificOutput).toMatchObject({
      permissionDecision: "defer",
    });
  });
});

test("a subagent's call is held: Claude forgets what a subagent deferred", async () => {
  const hooks = hookWith({ whilePending: "defer" });
  const { answer } = await approved(hooks, before({ agent_id: "a1" }));
  expect(answer).toEqual(allowed({ command: "make" }));
});

test("a hook under another event by mistake throws", async () => {
  const { PreToolUse } = hookWith();
  const misplaced = { ...hookWith(), PostToolUse: PreToolUse };
  await expect(fire(misplaced, after({}))).rejects.toThrow(TypeError);
});

function isAllowed({ hookSpecificOutput }: SyncHookJSONOutput): boolean {
  return (
    hookSpecificOutput?.hookEventName === "PreToolUse" &&
    hookSpecificOutput.permissionDecision === "allow"
  );
}
