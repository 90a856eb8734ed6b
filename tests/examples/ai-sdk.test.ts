import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { playStory } from "../harness/story.js";

test("[P-ADAPTERS] [G2] the AI SDK agent waits in one process, and goes on in another", {
  timeout: 120_000,
}, async () => {
  const told = await playStory("ai-sdk/story.ts");
  const text = told.join("\n");
  expect(text).toContain("STOP: a person rejected billing / refund.");
  expect(text).toContain("Ask for a photo first.");
  expect(text).toMatch(/resumed: The tool told me: .*"amountMinor":10000/);
  expect(text).toContain("The chat has 7 messages.");
  const folder = /Payments are in (.*)\.$/.exec(told.at(-1) ?? "")?.[1] as string;
  expect(await readdir(folder)).toHaveLength(1);
});
