import { expect, test } from "vitest";
import { playStory } from "../harness/story.js";

test("[S-GATE] an agent without any credential opens tickets, is held, denied and stopped", {
  timeout: 120_000,
}, async () => {
  expect(await playStory("gate/story.ts")).toEqual([
    "may use: open-ticket, refund",
    expect.stringMatching(/^opened T-1, and seen to be there: rcp_\w+$/),
    expect.stringMatching(/^a person decides: .*\/requests\/req_\w+$/),
    "a person rewrites the title, and approves",
    expect.stringMatching(/^opened T-2, and seen to be there: rcp_\w+$/),
    "no refund: ACTION_DENIED",
    "a person freezes all authority",
    "not opened: AUTHORITY_FROZEN",
    "the desk has: The printer is out of paper; Nothing works on the second floor",
  ]);
});
