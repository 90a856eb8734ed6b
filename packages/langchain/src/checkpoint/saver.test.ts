import { ConfigurationError, ValidationError } from "@holdpoint/sdk";
import { ERROR, INTERRUPT, uuid6 } from "@langchain/langgraph-checkpoint";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { at, checkpoint, collect, idOf, METADATA, put } from "./fixtures/checkpoint.js";
import { createCountedPlane, ENCRYPTION_KEY } from "./fixtures/plane.js";
import { HoldpointCheckpointSaver } from "./saver.js";

const plane = await createCountedPlane();
afterAll(() => plane[Symbol.asyncDispose]());
const saver = plane.saver({ encryptionKey: ENCRYPTION_KEY });

let thread: string;
beforeEach(() => {
  thread = `thread-${uuid6(1)}`;
  plane.reset();
});

describe("calls", () => {
  test("put is one, and so is putWrites, however many there are", async () => {
    const config = await put(saver, at(thread), checkpoint({ a: 1, b: [2], c: { d: 3 } }));
    expect(plane.calls).toHaveLength(1);
    await saver.putWrites(
      config,
      Array.from({ length: 500 }, (_, index) => ["a", index]),
      "task",
    );
    expect(plane.calls).toHaveLength(2);
  });

  test("the latest checkpoint is found by three, however long the thread is", async () => {
    let config = at(thread);
    for (let step = 1; step <= 30; step += 1) {
      config = await put(saver, config, checkpoint({ messages: ["m".repeat(step)], step }, step));
    }
    plane.reset();
    const tuple = await saver.getTuple(at(thread));
    expect(tuple?.checkpoint.channel_values).toEqual({ messages: ["m".repeat(30)], step: 30 });
    expect(plane.calls).toHaveLength(3);
  });

  test("a thread that is not there is one", async () => {
    expect(await saver.getTuple(at(thread))).toBeUndefined();
    expect(plane.calls).toHaveLength(1);
  });

  test("a history reads what its checkpoints share once", async () => {
    const first = checkpoint({ config: "c".repeat(1_000), step: 1 });
    let config = await put(saver, at(thread), first);
    for (let step = 2; step <= 5; step += 1) {
      const next = checkpoint({ config: "c".repeat(1_000), step }, step);
      next.channel_versions.config = 1;
      config = await saver.put(config, next, METADATA, { step });
    }
    plane.reset();
    const found = await collect(saver.list(at(thread)));
    expect(found.map((tuple) => tuple.checkpoint.channel_values.step)).toEqual([5, 4, 3, 2, 1]);
    expect(found.every((tuple) => tuple.checkpoint.channel_values.config)).toBe(true);
    // One page; and for each checkpoint its writes and its own step, which for the first is the shared one.
    expect(plane.calls).toHaveLength(1 + 5 + 5);
  });
});

describe("writes", () => {
  test("come in the order of task path, task and index, by code points", async () => {
    const config = await put(saver, at(thread), checkpoint());
    const put1 = (task: string, path: string | undefined, ...values: string[]) =>
      saver.putWrites(
        config,
        values.map((value) => ["messages", value]),
        task,
        path,
      );
    await put1("a", "~2", "seventh");
    await put1("b", "~10", "third", "fourth");
    await put1("c", "~10\u{1f600}", "sixth");
    await put1("d", "~10\uffee", "fifth");
    await put1("z", undefined, "second");
    await put1("y", undefined, "first");
    const { pendingWrites = [] } = (await saver.getTuple(config)) ?? {};
    expect(pendingWrites.map(([, , value]) => value)).toEqual([
      "first",
      "second",
      "third",
      "fourth",
      "fifth",
      "sixth",
      "seventh",
    ]);
  });

  test("with an index that is taken are left out, and new ones are added", async () => {
    const config = await put(saver, at(thread), checkpoint());
    await saver.putWrites(config, [["a", "first"]], "task");
    await saver.putWrites(
      config,
      [
        ["a", "second"],
        ["constructor", "new"],
      ],
      "task",
    );
    const tuple = await saver.getTuple(config);
    expect(tuple?.pendingWrites).toEqual([
      ["task", "a", "first"],
      ["task", "constructor", "new"],
    ]);
  });

  test("of errors and interrupts replace the one before, also within a call", async () => {
    const config = await put(saver, at(thread), checkpoint());
    await saver.putWrites(
      config,
      [
        [INTERRUPT, "one"],
        [INTERRUPT, "two"],
      ],
      "task",
    );
    await saver.putWrites(
      config,
      [
        [INTERRUPT, "three"],
        [ERROR, "oops"],
      ],
      "task",
    );
    const tuple = await saver.getTuple(config);
    expect(tuple?.pendingWrites).toEqual([
      ["task", INTERRUPT, "three"],
      ["task", ERROR, "oops"],
    ]);
  });

  test("of one task keep their order beyond a hundred", async () => {
    const config = await put(saver, at(thread), checkpoint());
    const values = Array.from({ length: 300 }, (_, index) => index);
    await saver.putWrites(
      config,
      values.map((value) => ["a", value]),
      "task",
    );
    const tuple = await saver.getTuple(config);
    expect(tuple?.pendingWrites?.map(([, , value]) => value)).toEqual(values);
  });

  test("by twenty at once: of one index one wins for good, of twenty tasks all are there", async () => {
    const config = await put(saver, at(thread), checkpoint());
    const twenty = Array.from({ length: 20 }, (_, index) => index);
    const race = (task: (index: number) => string) =>
      Promise.all(twenty.map((index) => saver.putWrites(config, [["a", index]], task(index))));
    await race(() => "same");
    const winner = (await saver.getTuple(config))?.pendingWrites;
    expect(winner).toEqual([["same", "a", expect.any(Number)]]);
    await race(() => "same");
    expect((await saver.getTuple(config))?.pendingWrites).toEqual(winner);
    await race((index) => `task-${index}`);
    expect((await saver.getTuple(config))?.pendingWrites).toHaveLength(21);
  });

  test("may come before their checkpoint, and are no checkpoint", async () => {
    const config = at(thread, uuid6(1));
    await saver.putWrites(config, [["a", 1]], "task");
    expect(await saver.getTuple(config)).toBeUndefined();
    expect(await saver.getTuple(at(thread))).toBeUndefined();
  });
});

describe("threads", () => {
  const names = [
    "a",
    "a/",
    "a/b",
    "../a",
    "%61",
    "😀\u200b\n",
    "\ud83d",
    "\ude00",
    "x".repeat(5_000),
    "__proto__",
  ];

  test("may have any name", async () => {
    for (const name of names)
      await put(saver, at(thread + name, undefined, name), checkpoint({ name }));
    for (const name of names) {
      const tuple = await saver.getTuple(at(thread + name, undefined, name));
      expect(tuple?.checkpoint.channel_values).toEqual({ name });
      expect(tuple?.config.configurable).toMatchObject({
        thread_id: thread + name,
        checkpoint_ns: name,
      });
    }
  });

  test("when deleted leave nothing, and leave the others alone", async () => {
    const own = plane.saver({ prefix: "deleting" });
    const kept = await put(own, at(`${thread}/`), checkpoint({ a: 1 }));
    const others = await plane.keys("deleting/");
    for (const [namespace, size] of Object.entries({ "": 10, child: 600_000, "child|deep": 10 })) {
      const given = checkpoint({ a: "x".repeat(size), b: 1 });
      const config = await put(own, at(thread, undefined, namespace), given);
      const writes: [string, unknown][] = [["a", "y".repeat(size)]];
      await own.putWrites(config, [...writes, [INTERRUPT, 1]], "task");
    }
    const all = await plane.keys("deleting/");
    for (const kind of ["/c/", "/v/", "/w/", "/p/"]) expect(all.join()).toContain(kind);
    await own.deleteThread(thread);
    expect(await plane.keys("deleting/")).toEqual(others);
    expect(await own.getTuple(at(thread))).toBeUndefined();
    expect((await own.getTuple(kept))?.checkpoint.channel_values).toEqual({ a: 1 });
  });

  test("of another prefix are others", async () => {
    await put(saver, at(thread), checkpoint({ a: 1 }));
    const other = plane.saver({ prefix: "other" });
    expect(await other.getTuple(at(thread))).toBeUndefined();
    expect(await collect(other.list({}))).toEqual([]);
  });

  test.each([
    ["no thread", () => saver.put({}, checkpoint(), METADATA, {})],
    ["an empty thread", () => saver.put(at(""), checkpoint(), METADATA, {})],
    ["an empty thread to delete", () => saver.deleteThread("")],
    ["an empty thread to list", () => collect(saver.list(at("")))],
    ["a thread that is a number", () => saver.getTuple({ configurable: { thread_id: 7 } })],
    [
      "a namespace that is null",
      () => saver.getTuple({ configurable: { thread_id: "a", checkpoint_ns: null } }),
    ],
    [
      "a checkpoint with no id",
      () => saver.put(at("a"), { ...checkpoint(), id: "" }, METADATA, {}),
    ],
    [
      "writes to an id that no graph makes",
      () => saver.putWrites(at("a", "x/y"), [["a", 1]], "task"),
    ],
  ])("are not guessed: %s is refused", async (_name, call) => {
    const error = await call().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ code: "VALIDATION_FAILED" });
    expect(plane.calls).toEqual([]);
  });

  test("have no checkpoint of an id that no graph makes", async () => {
    await put(saver, at(thread), checkpoint());
    expect(await saver.getTuple(at(thread, "../x"))).toBeUndefined();
    expect(await collect(saver.list(at(thread, "../x")))).toEqual([]);
  });
});

describe("list", () => {
  test("gives the newest first, page by page, from any point", async () => {
    const ids: string[] = [];
    for (let step = 0; step < 60; step += 1) {
      ids.unshift(idOf(await put(saver, at(thread), checkpoint(), { ...METADATA, step })));
    }
    const list = async (options?: Parameters<typeof saver.list>[1]) =>
      (await collect(saver.list(at(thread), options))).map(({ config }) => idOf(config));
    expect(await list()).toEqual(ids);
    expect(await list({ limit: 0 })).toEqual([]);
    expect(await list({ limit: 55 })).toEqual(ids.slice(0, 55));
    expect(await list({ before: at(thread, ids[49]), limit: 5 })).toEqual(ids.slice(50, 55));
    expect(await list({ filter: { step: 3 } })).toEqual([ids[56]]);
    expect(await list({ filter: { source: "input" } })).toEqual([]);
    expect(await collect(saver.list(at(thread, ids[4])))).toHaveLength(1);
  });
});

test("an id is not taken for a longer one that begins so", async () => {
  for (const id of ["run-1", "run-10"]) await put(saver, at(thread), { ...checkpoint(), id });
  const ids = async (id?: string) =>
    (await collect(saver.list(at(thread, id)))).map(({ config }) => idOf(config));
  expect(await ids("run-1")).toEqual(["run-1"]);
  expect(await ids()).toEqual(["run-10", "run-1"]);
});

describe("construction", () => {
  test("writes into nothing", async () => {
    const options = Object.freeze({ holdpoint: plane.holdpoint.client(), prefix: "frozen" });
    const frozen = new HoldpointCheckpointSaver(options);
    await put(frozen, Object.freeze(at(thread)), Object.freeze(checkpoint({ a: 1 })));
    expect((await frozen.getTuple(at(thread)))?.checkpoint.channel_values).toEqual({ a: 1 });
  });

  test.each([[""], ["a/b"], ["a b"], ["x".repeat(65)]])("refuses the prefix %j", (prefix) => {
    const construct = () =>
      new HoldpointCheckpointSaver({ holdpoint: plane.holdpoint.client(), prefix });
    expect(construct).toThrow(ConfigurationError);
  });

  test("says nothing of the client when it is written out", () => {
    expect(JSON.stringify({ saver })).toBe('{"saver":"[HoldpointCheckpointSaver]"}');
  });
});
