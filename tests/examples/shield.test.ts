import { expect, test } from "vitest";
import { playStory } from "../harness/story.js";

test("[P-SHIELD-MODES] [P-SHIELD-EXPLAINS] an agent's routine locks its baseline, and its jump is held", {
  timeout: 120_000,
}, async () => {
  const told = await playStory("shield/story.ts");
  const progress = told.filter((line) => line.startsWith("learning: "));
  expect(progress[0]).toMatch(/^learning: 20 runs, 200 needed at least; \d\.\d\d bits a step$/);
  expect(told.slice(progress.length)).toEqual([
    expect.stringMatching(/^locked after 2\d0 runs: /),
    "an operator enforces it: what departs is held",
    expect.stringMatching(/^the graph: http.*\/shield\/deploy$/),
    "another 20 runs of the routine, changes included: nothing was held",
    "the agent reads the logs, and applies terraform at once",
    expect.stringMatching(/^a person decides: .*\/requests\/req_\w+$/),
    expect.stringMatching(
      /^held by the shield: After read_logs, deploy has gone to apply_terraform 0 of \d+ times; usual: summarise 9\d %\./,
    ),
    "not run: Plan it first.",
    expect.stringMatching(/^receipt verified: rcp_\w+, request\.rejected by .+$/),
  ]);
});
