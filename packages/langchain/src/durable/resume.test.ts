import { ConfigurationError, type Holdpoint } from "@holdpoint/sdk";
import { createReplayMemory } from "@holdpoint/sdk/adapter";
import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import { fakeModel } from "@langchain/core/testing";
import { tool } from "@langchain/core/tools";
import { MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { gateTools } from "../gate-tools.js";
import { type Agent, buildAgent, buildGraph } from "../testing/graphs.js";
import { SECRET, signDecision } from "../testing/webhook.js";
import { isHoldpointInterrupt } from "./interrupt.js";
import { type ResumableGraph, type ResumeFromWebhookOptions, resumeFromWebhook } from "./resume.js";

let plane: TestControlPlane;
let client: Holdpoint;
beforeEach(async () => {
  plane = await createTestControlPlane();
  client = plane.client();
});
afterEach(() => plane.close());

const thread = { configurable: { thread_id: "t1" } };
const PAY = { name: "pay", args: { amount: 5 }, id: "call_1" };
const WIPE = { name: "wipe", args: { disk: "sda" }, id: "call_2" };
const LOOK = { name: "look", args: {}, id: "call_3" };

/** A thread, with tools that count what they did. */
class Thread {
  readonly checkpointer = new MemorySaver();
  readonly effects: string[] = [];
  readonly told: string[] = [];
  look: () => Promise<unknown> = async () => "seen";

  /** As another process would: nothing but the checkpointer is kept. */
  open(
    build: (agent: Agent) => ResumableGraph<unknown>,
    ...calls: readonly (typeof PAY | typeof WIPE | typeof LOOK)[]
  ): ResumableGraph<unknown> {
    const model = fakeModel();
    if (calls.length > 0) model.respondWithTools(calls.map((call) => ({ ...call })));
    model.respond((messages) => {
      this.told.push(...messages.filter((each) => ToolMessage.isInstance(each)).map(textOf));
      return new AIMessage("done");
    });
    const options = {
      ...{ service: "bank", holdpoint: client, mode: "interrupt" as const },
      policy: { look: "allow" as const },
    };
    return build({ model, options, tools: this.tools(), checkpointer: this.checkpointer });
  }

  tools() {
    const make = (name: string, schema: z.ZodObject, run: () => unknown) =>
      tool(
        async () => {
          this.effects.push(name);
          return run();
        },
        { name, description: "", schema },
      );
    return [
      make("pay", z.object({ amount: z.number() }), () => "paid"),
      make("wipe", z.object({ disk: z.string() }), () => "wiped"),
      make("look", z.object({}), () => this.look()),
    ];
  }
}

function textOf({ content }: BaseMessage): string {
  return String(content).split("\n")[0] as string;
}

const start = (graph: ResumableGraph<unknown>) => graph.invoke({ messages: [] } as never, thread);

function handle(
  graph: ResumableGraph<unknown>,
  given: Partial<ResumeFromWebhookOptions<unknown>> = {},
) {
  const options = { graph, service: "bank", holdpoint: client, secret: SECRET, onError: () => {} };
  return resumeFromWebhook(Object.freeze({ ...options, ...given }));
}

async function pendingId(action: string): Promise<string> {
  return (await plane.waitForRequest({ action })).id;
}

describe.each([
  ["a graph with gated tools", buildGraph],
  ["an agent with the middleware", buildAgent],
])("%s", (_name, build) => {
  test("tells in its interrupts what is asked, and where", async () => {
    const graph = new Thread().open(build, PAY);
    await start(graph);
    const { tasks } = await graph.getState(thread);
    const [interrupt] = tasks.flatMap(({ interrupts }) => interrupts);
    const { id, url } = await plane.waitForRequest();
    expect(isHoldpointInterrupt(interrupt?.value)).toBe(true);
    expect(interrupt?.value).toEqual({
      ...{ type: "holdpoint.approval", requestId: id, url, tool: "pay", toolCallId: "call_1" },
    });
  });

  test("[G2] goes on with the call that was answered, and leaves its sibling interrupted", async () => {
    const run = new Thread();
    await start(run.open(build, PAY, WIPE, LOOK));
    expect(run.effects).toEqual(["look"]);
    const [pay, wipe] = [await pendingId("pay"), await pendingId("wipe")];

    await plane.approve(pay);
    const paid = await signDecision(plane, pay);
    expect((await handle(run.open(build))(paid())).status).toBe(200);
    expect(run.effects).toEqual(["look", "pay"]);
    expect(run.told).toEqual([]);
    // Redelivered to a process that knows nothing of it, while the sibling still waits.
    const onResult = vi.fn();
    expect((await handle(run.open(build), { onResult })(paid())).status).toBe(200);
    expect(onResult).not.toHaveBeenCalled();

    await plane.reject(wipe, { reason: "Never." });
    expect((await handle(run.open(build))((await signDecision(plane, wipe))())).status).toBe(200);
    expect(run.told).toEqual(["paid", expect.stringMatching(/^STOP/), "seen"]);
    // And once more, when all is done.
    for (const id of [pay, wipe]) {
      const again = await signDecision(plane, id);
      expect((await handle(run.open(build))(again())).status).toBe(200);
    }
    expect(run.effects).toEqual(["look", "pay"]);
    expect(run.told).toHaveLength(3);
  });

  test("goes on once with all that have their answer by then", async () => {
    const run = new Thread();
    await start(run.open(build, PAY, WIPE));
    const ids = [await pendingId("pay"), await pendingId("wipe")];
    for (const id of ids) await plane.approve(id);
    const onResult = vi.fn();
    for (const id of ids) {
      const handler = handle(run.open(build), { onResult });
      expect((await handler((await signDecision(plane, id))())).status).toBe(200);
    }
    expect(run.effects.toSorted()).toEqual(["pay", "wipe"]);
    expect(run.told).toEqual(["paid", "wiped"]);
    expect(onResult).toHaveBeenCalledTimes(1);
  });

  test("lets the event come again while the step it belongs to still runs", async () => {
    const run = new Thread();
    let finish = () => {};
    run.look = () => new Promise((resolve) => (finish = () => resolve("seen")));
    const graph = run.open(build, PAY, LOOK);
    const running = start(graph);
    const id = await pendingId("pay");
    await plane.approve(id);
    const decided = await signDecision(plane, id);
    const handler = handle(run.open(build));
    await expect.poll(async () => (await graph.getState(thread)).tasks.length).toBe(2);
    expect((await handler(decided())).status).toBe(500);
    expect(run.effects).toEqual(["look"]);
    finish();
    await running;
    expect((await handler(decided())).status).toBe(200);
    expect(run.effects).toEqual(["look", "pay"]);
    expect(run.told).toEqual(["paid", "seen"]);
  });

  test("goes on after a while where the process of that step has died", async () => {
    const run = new Thread();
    run.look = () => new Promise(() => {});
    const graph = run.open(build, PAY, LOOK);
    void start(graph);
    const id = await pendingId("pay");
    await plane.approve(id);
    await expect.poll(async () => (await graph.getState(thread)).tasks.length).toBe(2);
    run.look = async () => "seen";
    const longAgo = new Date(Date.now() - 1_000_000);
    const handler = handle(run.open(build));
    expect((await handler((await signDecision(plane, id, longAgo))())).status).toBe(200);
    expect(run.effects).toEqual(["look", "look", "pay"]);
    expect(run.told).toEqual(["paid", "seen"]);
  });
});

describe("resumeFromWebhook", () => {
  test("lets an event come again that is faster than the checkpoint", async () => {
    const run = new Thread();
    const graph = run.open(buildAgent, PAY);
    const late = { ...run.open(buildAgent), getState: async () => graph.getState(nowhere) };
    const nowhere = { configurable: { thread_id: "t2" } };
    await start(graph);
    const id = await pendingId("pay");
    await plane.reject(id);
    expect((await handle(late)((await signDecision(plane, id))())).status).toBe(500);
  });

  test("runs one thread at a time, also in several processes that share their memory", async () => {
    const run = new Thread();
    await start(run.open(buildAgent, PAY, WIPE));
    const [pay, wipe] = [await pendingId("pay"), await pendingId("wipe")];
    for (const id of [pay, wipe]) await plane.approve(id);
    const seen = createReplayMemory();
    const slow = run.open(buildAgent);
    let finish = () => {};
    let begin = () => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const graph: ResumableGraph<unknown> = {
      getState: (config) => slow.getState(config),
      invoke: async (command, config) => {
        begin();
        await new Promise<void>((resolve) => (finish = resolve));
        return slow.invoke(command, config);
      },
    };
    const first = handle(graph, { seen })((await signDecision(plane, pay))());
    await begun;
    const other = handle(run.open(buildAgent), { seen });
    const second = await signDecision(plane, wipe);
    expect((await other(second())).status).toBe(500);
    finish();
    expect((await first).status).toBe(200);
    expect((await other(second())).status).toBe(200);
    expect(run.effects.toSorted()).toEqual(["pay", "wipe"]);
  });

  test("leaves alone what is another's", async () => {
    const run = new Thread();
    const invoke = vi.fn();
    const graph = { ...run.open(buildAgent), getState: vi.fn(), invoke };
    const asked = await client.ask.bind(client);
    const blocking = asked({ service: "bank", action: "pay", payload: {}, runId: "t1" });
    const id = await pendingId("pay");
    await plane.approve(id);
    await blocking;
    await start(run.open(buildAgent, WIPE));
    const wipe = await pendingId("wipe");
    await plane.approve(wipe);
    const events: [string, Partial<ResumeFromWebhookOptions<unknown>>][] = [
      [id, {}],
      [wipe, { service: "shop" }],
      [wipe, { config: () => undefined }],
    ];
    for (const [request, given] of events) {
      const handler = handle(graph, given);
      expect((await handler((await signDecision(plane, request))())).status).toBe(200);
    }
    expect(graph.getState).not.toHaveBeenCalled();
    expect(invoke).not.toHaveBeenCalled();
  });

  test("goes on with the config it is given, and tells the event again when onResult throws", async () => {
    const run = new Thread();
    const graph = run.open(buildAgent, PAY);
    await start(graph);
    const id = await pendingId("pay");
    await plane.approve(id);
    const config = vi.fn(() => ({ ...thread, tags: ["resumed"] }));
    const onResult = vi.fn().mockRejectedValueOnce(new Error("Could not tell."));
    const handler = handle(run.open(buildAgent), { config, onResult });
    expect((await handler((await signDecision(plane, id))())).status).toBe(500);
    expect(config).toHaveBeenCalledWith(expect.objectContaining({ id, runId: "t1" }));
    expect(onResult.mock.calls[0]?.[0]).toMatchObject({ messages: expect.any(Array) });
  });

  test("[G4] no API key, or no secret, is no handler that anything goes through", async () => {
    const graph = new Thread().open(buildAgent);
    vi.stubEnv("HOLDPOINT_API_KEY", "");
    expect(() => resumeFromWebhook({ graph, service: "bank", secret: SECRET })).toThrow(
      ConfigurationError,
    );
    vi.stubEnv("HOLDPOINT_WEBHOOK_SECRET", "");
    const handler = resumeFromWebhook({ graph, service: "bank", holdpoint: client });
    const request = new Request("http://localhost", { method: "POST", body: "{}" });
    await expect(handler(request)).rejects.toBeInstanceOf(ConfigurationError);
    vi.unstubAllEnvs();
  });
});

test("[G2] calls of one node, which all run again on every resume, have one effect each", async () => {
  const run = new Thread();
  const calls = [PAY, WIPE].map((call) => ({ ...call, type: "tool_call" as const }));
  const options = { service: "bank", holdpoint: client, mode: "interrupt" as const };
  const open = () =>
    new StateGraph(MessagesAnnotation)
      .addNode("tools", new ToolNode(gateTools(run.tools(), options)))
      .addEdge(START, "tools")
      .compile({ checkpointer: run.checkpointer }) as unknown as ResumableGraph<MessagesState>;
  await open().invoke(
    { messages: [new AIMessage({ content: "", tool_calls: calls })] } as never,
    thread,
  );
  const results: unknown[] = [];
  const onResult = ({ messages }: MessagesState) =>
    void results.push(messages.filter((each) => ToolMessage.isInstance(each)).map(textOf));
  // Only the first to interrupt is seen; the other is found when the node runs again.
  for (const action of ["pay", "wipe"]) {
    const id = await pendingId(action);
    await plane.approve(id);
    const handler = handle(open() as ResumableGraph<unknown>, { onResult } as never);
    const status = (await handler((await signDecision(plane, id))())).status;
    expect([200, 500]).toContain(status);
  }
  expect(run.effects.toSorted()).toEqual(["pay", "wipe"]);
  expect(results.at(-1)).toEqual(["paid", "wiped"]);
});

type MessagesState = typeof MessagesAnnotation.State;
