import fc from "fast-check";
import { expect, test } from "vitest";
import { full } from "../harness/full.js";
import { createRandom } from "../harness/random.js";
import { opening } from "./governing.js";
import { Oracle } from "./oracle.js";
import { anyStep } from "./steps.js";
import { createWorld } from "./world.js";

/** On average half of these are played. */
const STEPS_A_RUN = 200;
const RUNS = full(3, 1_600);
const STEPS_AT_LEAST = full(30, 100_000);
/** Where clocks are changed, months end and weeks begin. */
const STARTS = [
  "2026-03-28T22:30:00Z",
  "2026-02-27T11:00:00Z",
  "2026-10-31T20:00:00Z",
  "2026-12-31T10:58:00Z",
];

test("[G8] [P-SPEND-WINDOWS] [P-SPEND-NESTED] [P-SPEND-CONFIRM] [P-SPEND-STOP] [P-SPEND-LATE] [P-SPEND-UNKNOWN] whatever is done to money at random, ledger, balances and windows are what an oracle in integers says", {
  timeout: full(180_000, 14_400_000),
}, async () => {
  const { seed } = createRandom();
  console.log(`Spending at random: TEST_SEED=${seed}`);
  let steps = 0;
  const plan = fc.commands([...anyStep], { maxCommands: STEPS_A_RUN, size: "max" });
  const start = fc.constantFrom(...STARTS);
  const property = fc.asyncProperty(start, opening, plan, async (startsAt, first, commands) => {
    const count = () => {
      steps += 1;
    };
    await using world = await createWorld(startsAt, count);
    const model = new Oracle(world.shop.clock.now());
    await fc.asyncModelRun(() => ({ model, real: world }), [first, ...commands]);
  });
  await fc.assert(property, { seed, numRuns: RUNS });
  console.log(`Spent at random: ${steps} steps`);
  expect(steps).toBeGreaterThanOrEqual(STEPS_AT_LEAST);
});
