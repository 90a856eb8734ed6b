import { ConnectionError, DecryptionError } from "@holdpoint/sdk";
import { Annotation, Command, END, interrupt, Send, START, StateGraph } from "@langchain/langgraph";
import { uuid6 } from "@langchain/langgraph-checkpoint";
import { afterAll, beforeEach, expect, test } from "vitest";
import { at, collect } from "./fixtures/checkpoint.js";
import { createCountedPlane, ENCRYPTION_KEY } from "./fixtures/plane.js";
import { HoldpointCheckpointSaver } from "./saver.js";

const plane = await createCountedPlane();
afterAll(() => plane[Symbol.asyncDispose]());
const checkpointer = plane.saver({ encryptionKey: ENCRYPTION_KEY });

let thread: string;
beforeEach(() => {
  thread = `thread-${uuid6(1)}`;
});

const Log = Annotation.Root({
  log: Annotation<string[]>({ reducer: (all, more) => [...all, ...more], default: () => [] }),
});

test("two branches of one thread keep what each has made of a channel", async () => {
  const graph = new StateGraph(Log)
    .addNode("work", () => ({ log: ["work"] }))
    .addEdge(START, "work")
    .addEdge("work", END)
    .compile({ checkpointer });
  await graph.invoke({ log: ["begin"] }, at(thread));
  const fork = await graph.getState(at(thread));
  const left = await graph.updateState(fork.config, { log: ["left"] });
  const right = await graph.updateState(fork.config, { log: ["right"] });
  const logOf = async (config: typeof left) => (await graph.getState(config)).values.log;
  expect(await logOf(fork.config)).toEqual(["begin", "work"]);
  expect(await logOf(left)).toEqual(["begin", "work", "left"]);
  expect(await logOf(right)).toEqual(["begin", "work", "right"]);
});

/** A graph that counts how often its node ran. */
function createCounter(saver: HoldpointCheckpointSaver) {
  const ran: number[] = [];
  const graph = new StateGraph(Log)
    .addNode("work", ({ log }) => {
      ran.push(log.length);
      return { log: ["work"] };
    })
    .addEdge(START, "work")
    .compile({ checkpointer: saver });
  const invoke = () => graph.invoke({ log: ["begin"] }, { ...at(thread), durability: "sync" });
  return { ran, invoke };
}

test("[G4] with another key the graph fails, and does not start anew", async () => {
  await createCounter(checkpointer).invoke();
  const encryptionKey = Buffer.alloc(32, 9).toString("base64url");
  const { ran, invoke } = createCounter(plane.saver({ encryptionKey }));
  await expect(invoke()).rejects.toBeInstanceOf(DecryptionError);
  expect(ran).toEqual([]);
});

test("[G4] what cannot be put down ends the graph before its next step", async () => {
  let calls = 0;
  const fetch: typeof globalThis.fetch = (input, init) => {
    calls += 1;
    if (calls > 1) throw new TypeError("The network is gone.");
    return plane.holdpoint.fetch(input, init);
  };
  const holdpoint = plane.holdpoint.client({ fetch, maxRetries: 0 });
  const { ran, invoke } = createCounter(new HoldpointCheckpointSaver({ holdpoint }));
  await expect(invoke()).rejects.toBeInstanceOf(ConnectionError);
  expect(ran).toEqual([]);
});

test("many tasks at once, a subgraph that asks, and the whole history", async () => {
  const child = new StateGraph(Log)
    .addNode("ask", () => ({ log: [`answer ${interrupt("sure?")}`] }))
    .addEdge(START, "ask")
    .compile();
  const graph = new StateGraph(Log)
    .addNode("plan", () => ({ log: ["plan"] }))
    .addNode("part", ({ log }) => ({ log: [`part ${log[0]}`] }))
    .addNode("child", child)
    .addEdge(START, "plan")
    .addConditionalEdges("plan", () =>
      Array.from({ length: 120 }, (_, index) => new Send("part", { log: [String(index)] })),
    )
    .addEdge("part", "child")
    .addEdge("child", END)
    .compile({ checkpointer });
  await graph.invoke({ log: [] }, at(thread));
  const asked = await graph.getState(at(thread), { subgraphs: true });
  expect(asked.tasks.flatMap(({ interrupts }) => interrupts)).toMatchObject([{ value: "sure?" }]);
  expect(asked.values.log).toEqual(["plan", ...Array.from({ length: 120 }, (_, i) => `part ${i}`)]);
  const { log } = await graph.invoke(new Command({ resume: "yes" }), at(thread));
  expect(log.slice(0, 121)).toEqual(asked.values.log);
  expect(log.at(-1)).toBe("answer yes");
  const history = await collect(graph.getStateHistory(at(thread)));
  expect(history.map(({ metadata }) => metadata?.step)).toEqual([3, 2, 1, 0, -1]);
  expect(await graph.getState(history[1]?.config ?? {})).toMatchObject({ next: ["child"] });
});
