import { expect, test } from "vitest";
import { playStory } from "../harness/story.js";

test("[G2] [P-SPEND-APPROVAL] an agent buys: one purchase needs nobody, one is lowered by a person, one is refused", {
  timeout: 120_000,
}, async () => {
  expect(await playStory("spend-guard/story.ts")).toEqual([
    "the shop charges 8.40 for the coffee",
    "coffee: completed, paid 8.40 EUR",
    expect.stringMatching(/\/requests\/req_\w+$/),
    "a person lowers it to 120.00, and approves",
    "the shop charges 119.95 for the keyboard",
    "keyboard: completed, paid 119.95 EUR",
    expect.stringMatching(/^laptop: rejected, .*2400\.00 of 500\.00/),
    "the project has 871.65 EUR left; 128.35 spent, 0.00 held",
  ]);
});
