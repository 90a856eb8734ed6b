// Runs every test there is and counts: per package, then `N passed, N failed` as the last line.
// With `--full`, the crash, network and volume suites run at their whole length.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { install, root, run, throughPnpm } from "./setup.mjs";

const full = process.argv.includes("--full");

await install();
const suites = findSuites();
for (const { results } of suites) rmSync(results, { force: true });

const code = await run(
  throughPnpm(
    ...["exec", "turbo", "run", "test", "test:scripts", "--continue", "--ui=stream"],
    // Each suite runs on several cores itself.
    ...[`--concurrency=${Math.max(2, Math.floor(availableParallelism() / 2))}`],
    "--output-logs=errors-only",
  ),
  // Turbo's cache must not answer for another Node than this one.
  { env: { TEST_RUNTIME: process.version, ...(full && { TEST_FULL: "1" }) } },
);

const counts = suites.map(({ name, results }) => ({ name, ...readCounts(results) }));
report(counts, code);

/** Every package with tests, and the scripts of the root. */
function findSuites() {
  const folders = ["packages", "examples"].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(parent, name)),
  );
  const suites = [...folders, "benchmarks", "tests"].flatMap((folder) => {
    const manifest = join(root, folder, "package.json");
    if (!existsSync(manifest)) return [];
    const { name, scripts } = JSON.parse(readFileSync(manifest, "utf8"));
    return scripts?.test ? [{ name, results: join(root, folder, ".results/vitest.json") }] : [];
  });
  return [...suites, { name: "scripts", results: join(root, ".results/vitest.json") }];
}

function readCounts(results) {
  // No results are a failure: a suite that does not start must not look like one that passes.
  if (!existsSync(results)) return { passed: 0, failed: 1, skipped: 0, note: "wrote no results" };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success } = JSON.parse(
    readFileSync(results, "utf8"),
  );
  // A file that does not load fails without any test of its own.
  const failed = success ? numFailedTests : Math.max(1, numFailedTests);
  return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests, note: "" };
}

function report(counts, turboCode) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  console.log("");
  for (const { name, note, ...count } of counts) {
    for (const key of Object.keys(total)) total[key] += count[key];
    console.log(`${name.padEnd(30)} ${summary(count)} ${note}`.trimEnd());
  }
  if (turboCode !== 0 && total.failed === 0) total.failed = 1;
  if (process.env.CI && total.skipped > 0) {
    console.log("\nCI skips no test: a browser is part of it. See above for what was missing.");
    process.exitCode = 1;
  }
  if (total.failed > 0) process.exitCode = 1;
  console.log(`\n${summary(total)}`);
}

function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
