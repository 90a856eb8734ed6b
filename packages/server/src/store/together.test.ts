import { expect, it } from "vitest";
import { together } from "./together.js";

it("gives what each gives, in order", async () => {
  expect(await together([1, Promise.resolve("two"), undefined])).toEqual([1, "two", undefined]);
});

it("fails with the first that fails, once nothing is under way any more", async () => {
  let isOver = false;
  const slow = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    isOver = true;
  });
  const failing = [Promise.reject(new Error("first")), slow, Promise.reject(new Error("later"))];
  await expect(together(failing)).rejects.toThrow("first");
  expect(isOver).toBe(true);
});
