import { expect, it } from "vitest";
import { createTouch } from "./touch.js";

it("asks the database once a minute for each credential", async () => {
  const asked: unknown[] = [];
  const touch = createTouch(async (...call) => {
    asked.push(call);
  });
  for (const at of [100_000, 100_001, 159_999, 160_000]) await touch("a", at);
  await touch("b", 100_000);
  expect(asked).toEqual([
    ["a", 100_000, 40_000],
    ["a", 160_000, 100_000],
    ["b", 100_000, 40_000],
  ]);
});
