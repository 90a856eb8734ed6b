import { expect, test } from "vitest";
import { ThreadKeys } from "./keys.js";

// A red pin says: checkpoints that are there would no longer be found.
test("the keys of a thread's records", () => {
  const keys = new ThreadKeys("langgraph", "thread-1");
  const address = {
    thread: "thread-1",
    namespace: "child",
    id: "1ef4f797-8335-6428-8001-8a1503f9b875",
  };
  const short = (key: string) => key.replace(/[\w-]{43}/g, (digest) => digest.slice(0, 8));
  expect(
    [
      keys.checkpoint(address),
      keys.value(address, "messages", 7.25),
      keys.value(address, "messages", "7"),
      keys.write(address, "task", "-3"),
    ].map(short),
  ).toMatchInlineSnapshot(`
    [
      "langgraph/P2PVPJY7/c/Fu11D7RT/1ef4f797-8335-6428-8001-8a1503f9b875",
      "langgraph/P2PVPJY7/v/Fu11D7RT/7/HfZVSCea",
      "langgraph/P2PVPJY7/v/Fu11D7RT/8Gm1Fu3h/NxDgRqfC",
      "langgraph/P2PVPJY7/w/Fu11D7RT/1ef4f797-8335-6428-8001-8a1503f9b875/zeNMOSHD/-3",
    ]
  `);
});

test("are no longer than keys may be", () => {
  const keys = new ThreadKeys("p".repeat(64), "t".repeat(10_000));
  const address = { thread: "", namespace: "n".repeat(10_000), id: "i".repeat(128) };
  const longest = keys.write(address, "task".repeat(10_000), "rest");
  expect(longest.length).toBeLessThan(1_024);
});
