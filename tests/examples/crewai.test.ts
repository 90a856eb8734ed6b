import { expect, test } from "vitest";
import { playStory } from "../harness/story.js";

test("[P-ADAPTERS] [G2] a KaibanJS team waits for a person, and its tool runs once, as they edited it", {
  timeout: 120_000,
}, async () => {
  const told = await playStory("crewai/crew.ts");
  expect(told.filter((line) => line.includes("[the tool runs]"))).toEqual([
    "   [the tool runs] 10000 cents for A-7",
  ]);
  expect(told.at(-1)).toBe("FINISHED: The customer has been told.");
});
