import { expect, test } from "vitest";
import { playStory } from "../harness/story.js";

/** What a person is asked and does, and what then becomes of the call. */
const EDITED = [
  /\/requests\/req_\w+$/,
  /a person lowers it to 10000 cents, and approves$/,
  /refunded 10000 cents of A-7$/,
  /The model read: Refunded 10000 cents\.$/,
  /Changed \/cents from 12500 to 10000\./,
  /The person's comment: The lamp was used\.$/,
];

test("[P-ADAPTERS] [G2] a gated OpenAI agent waits in its process, and parks and goes on in another; each edit runs once", {
  timeout: 180_000,
}, async () => {
  const told = await playStory("openai-agents/story.ts");
  const split = told.findIndex((line) => line.startsWith("2. "));
  for (const part of [told.slice(0, split), told.slice(split)]) {
    for (const line of EDITED) expect(part.filter((each) => line.test(each))).toHaveLength(1);
  }
  expect(told.at(-1)).toMatch(/finished$/);
});
