import { expect, test } from "vitest";
import { playStory } from "../harness/story.js";

test("[P-X402] the agent pays what policy lets it, asks a person for more, and never signs the rest", {
  timeout: 120_000,
}, async () => {
  const told = await playStory("x402/story.ts");
  expect(told).toEqual([
    "paid 0.001000 USDC",
    'weather: 200 {"report":"weather"}',
    expect.stringMatching(/\/requests\/req_\w+$/),
    "a person approves",
    "paid 2.500000 USDC",
    'traffic: 200 {"report":"traffic"}',
    expect.stringMatching(/^satellite: rejected, .*40.00/),
    "the seller has 2501000 millionths of a dollar",
  ]);
});
