import { ConnectionError } from "@holdpoint/sdk";
import { uuid6 } from "@langchain/langgraph-checkpoint";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { at, checkpoint, idOf, put } from "./fixtures/checkpoint.js";
import { createCountedPlane, ENCRYPTION_KEY } from "./fixtures/plane.js";
import { HoldpointCheckpointSaver } from "./saver.js";

const plane = await createCountedPlane();
afterAll(() => plane[Symbol.asyncDispose]());

let thread: string;
beforeEach(() => {
  thread = `thread-${uuid6(1)}`;
});

// Megabytes are encrypted and stored, and on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 });

const MEBIBYTE = 1_048_576;

/** Not all one byte, so that a part in the wrong place shows. */
function bytes(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 13) + seed) % 256);
}

/** A saver whose process dies after so many calls. */
function dyingSaver(calls: number): HoldpointCheckpointSaver {
  let left = calls;
  const fetch: typeof globalThis.fetch = (input, init) => {
    left -= 1;
    if (left < 0) throw new TypeError("The process is gone.");
    return plane.holdpoint.fetch(input, init);
  };
  const holdpoint = plane.holdpoint.client({ encryptionKey: ENCRYPTION_KEY, fetch, maxRetries: 0 });
  return new HoldpointCheckpointSaver({ holdpoint });
}

/** Lets it die after no call, after one, and so on; tells how many calls are enough. */
async function dieEverywhere(
  work: (saver: HoldpointCheckpointSaver) => Promise<unknown>,
  check: () => Promise<void>,
): Promise<number> {
  for (let calls = 1; ; calls += 1) {
    const error = await work(dyingSaver(calls)).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (error === undefined) return calls;
    expect(error).toBeInstanceOf(ConnectionError);
    await check();
  }
}

describe.each([
  ["without an encryption key", plane.saver()],
  ["with an encryption key", plane.saver({ encryptionKey: ENCRYPTION_KEY })],
])("large values, %s", (_name, saver) => {
  test("of 3 MiB come back whole", async () => {
    const text = '"\\\u0001é😀'.repeat(100_000);
    const values = { bytes: bytes(3 * MEBIBYTE, 1), text, small: 1 };
    const config = await put(saver, at(thread), checkpoint(values));
    await saver.putWrites(
      config,
      [
        ["bytes", values.bytes],
        ["small", 2],
      ],
      "task",
    );
    const tuple = await saver.getTuple(at(thread));
    expect(tuple?.checkpoint.channel_values.small).toBe(1);
    expect(tuple?.checkpoint.channel_values.text === text).toBe(true);
    expect(isSame(tuple?.checkpoint.channel_values.bytes, values.bytes)).toBe(true);
    expect(isSame(tuple?.pendingWrites?.[0]?.[2], values.bytes)).toBe(true);
    expect(tuple?.pendingWrites?.[1]).toEqual(["task", "small", 2]);
  });

  test("may be hundreds of channels, or metadata", async () => {
    const values = Object.fromEntries(
      Array.from({ length: 250 }, (_, index) => [`channel-${index}`, "v".repeat(index * 40)]),
    );
    const given = checkpoint(values);
    const metadata = { source: "loop" as const, step: 1, parents: {}, note: "n".repeat(MEBIBYTE) };
    await put(saver, at(thread), given, metadata);
    const tuple = await saver.getTuple(at(thread));
    expect(tuple?.checkpoint).toEqual(given);
    expect(tuple?.metadata).toEqual(metadata);
  });
});

describe("a process that dies between two calls", () => {
  const saver = plane.saver({ encryptionKey: ENCRYPTION_KEY });

  test("leaves the checkpoint before as the latest, and may do it again", async () => {
    const before = await put(saver, at(thread), checkpoint({ a: 1 }));
    const next = checkpoint({ a: bytes(MEBIBYTE, 2), b: bytes(MEBIBYTE / 2, 3) }, 2);
    const calls = await dieEverywhere(
      (dying) => put(dying, before, next),
      async () => {
        const tuple = await saver.getTuple(at(thread));
        expect(idOf(tuple?.config ?? {})).toBe(idOf(before));
      },
    );
    expect(calls).toBeGreaterThan(2);
    const tuple = await saver.getTuple(at(thread));
    expect(tuple?.checkpoint.id).toBe(next.id);
    expect(isSame(tuple?.checkpoint.channel_values.b, next.channel_values.b)).toBe(true);
  });

  test("leaves none of a task's writes", async () => {
    const config = await put(saver, at(thread), checkpoint());
    const values = Array.from({ length: 100 }, (_, index) => bytes(15_000, index));
    const calls = await dieEverywhere(
      (dying) =>
        dying.putWrites(
          config,
          values.map((value) => ["a", value]),
          "task",
        ),
      async () => expect((await saver.getTuple(config))?.pendingWrites).toEqual([]),
    );
    expect(calls).toBeGreaterThan(2);
    const tuple = await saver.getTuple(config);
    const found = tuple?.pendingWrites?.map(([, , value]) => value) ?? [];
    expect(found).toHaveLength(values.length);
    expect(found.every((value, index) => isSame(value, values[index]))).toBe(true);
  });
});

/** Vitest compares large arrays element by element, for seconds. */
function isSame(found: unknown, expected: unknown): boolean {
  return (
    found instanceof Uint8Array &&
    !Buffer.isBuffer(found) &&
    Buffer.compare(found, expected as Uint8Array) === 0
  );
}
