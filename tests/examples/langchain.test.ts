import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { playStory } from "../harness/story.js";

test("[P-ADAPTERS] [G2] the LangChain agent waits in one process, and is resumed in another", {
  timeout: 120_000,
}, async () => {
  const told = await playStory("langchain/story.ts");
  const text = told.join("\n");
  expect(text).toContain("I was told: STOP: a person rejected billing / refund.");
  expect(text).toContain("Ask for a photo first.");
  expect(text).toMatch(/resumed the graph:\n\n.*I was told: Paid: .*"amountMinor":10000/);
  const folder = /Payments are in (.*)\.$/.exec(told.at(-1) ?? "")?.[1] as string;
  const payments = await readdir(folder);
  expect(payments).toHaveLength(1);
  expect(await readFile(`${folder}/${payments[0]}`, "utf8")).toContain('"amountMinor":10000');
});
