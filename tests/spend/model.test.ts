import fc from "fast-check";
import { expect, test } from "vitest";
import { full } from "../harness/full.js";
import { createRandom } from "../harness/random.js";
import { Oracle } from "./oracle.js";
import { anyStep } from "./steps.js";
import { createWorld } from "./world.js";

const STEPS_A_RUN = 100;
const RUNS = full(5, 1_000);
/** Where clocks are changed, months end and weeks begin. */
const STARTS = [
  "2026-03-28T22:30:00Z",
  "2026-02-27T11:00:00Z",
  "2026-10-31T20:00:00Z",
  "2026-12-31T10:58:00Z",
];

test(`[G8] [P-SPEND-WINDOWS] [P-SPEND-NESTED] [P-SPEND-CONFIRM] [P-SPEND-STOP] [P-SPEND-LATE] [P-SPEND-UNKNOWN] in ${RUNS * STEPS_A_RUN} random steps, ledger, balances and windows are what an oracle in integers says`, {
  timeout: full(120_000, 7_200_000),
}, async () => {
  const { seed } = createRandom();
  console.log(`Spending at random: TEST_SEED=${seed}`);
  let steps = 0;
  const plan = fc.commands([...anyStep], { maxCommands: STEPS_A_RUN, size: "max" });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...STARTS), plan, async (startsAt, commands) => {
      await using world = await createWorld(startsAt);
      const oracle = new Oracle(world.shop.clock.now());
      await fc.asyncModelRun(() => ({ model: oracle, real: world }), commands);
      steps += [...commands].length;
    }),
    { seed, numRuns: RUNS, endOnFailure: false },
  );
  expect(steps).toBeGreaterThan(0);
});
