import { InvalidResponseError } from "@holdpoint/sdk";
import { uuid6 } from "@langchain/langgraph-checkpoint";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { at, checkpoint, put } from "./fixtures/checkpoint.js";
import { createCountedPlane } from "./fixtures/plane.js";

const plane = await createCountedPlane();
afterAll(() => plane[Symbol.asyncDispose]());

let thread: string;
beforeEach(() => {
  thread = `thread-${uuid6(1)}`;
});

describe("what is no longer as it was put", () => {
  const { records } = plane.holdpoint.client();
  const saver = plane.saver();

  test.each([
    ["a part of a value", "/p/"],
    ["a value", "/v/"],
  ])("is an error, not a smaller state: %s", async (_name, kind) => {
    const before = new Set(await plane.keys());
    await put(saver, at(thread), checkpoint({ a: "x".repeat(400_000) }));
    const key = (await plane.keys()).find((key) => key.includes(kind) && !before.has(key));
    await records.delete({ key: key as string });
    const reading = saver.getTuple(at(thread));
    await expect(reading).rejects.toBeInstanceOf(InvalidResponseError);
    await expect(reading).rejects.toMatchObject({ code: "RESPONSE_INVALID" });
  });

  test.each([[{ v: 2, text: "{}" }], [{ text: "{}" }], [{ v: 1 }], [null], ["{}"]])(
    "is an error where its form is not known: %j",
    async (value) => {
      const before = new Set(await plane.keys());
      await put(saver, at(thread), checkpoint());
      const key = (await plane.keys()).find((key) => !before.has(key)) as string;
      await records.put([{ key, value }]);
      await expect(saver.getTuple(at(thread))).rejects.toMatchObject({ code: "RESPONSE_INVALID" });
    },
  );
});
