import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));
/** From the registry. Adapters whose frameworks ask for more than this project's floor. */
const NODE = "node@24";

/** Their suites run on this process's Node too, with the frameworks' versions pinned. */
describe(`[S-FLOORS] adapters whose frameworks ask for Node 22, on ${NODE}`, () => {
  test.each(["ai-sdk", "openai-agents"])("%s", { timeout: 600_000 }, async (name) => {
    const folder = await mkdtemp(join(tmpdir(), "runtimes-"));
    const results = join(folder, "results.xml");
    const vitest = "node ../../node_modules/vitest/vitest.mjs run --typecheck.enabled=false";
    // Not as JSON: the package's own results are in that form, and are counted elsewhere.
    const command = `node -v && ${vitest} --reporter=junit --outputFile.junit=${results}`;
    const child = spawn("npx", ["--yes", "-p", NODE, "-c", command], {
      cwd: join(packages, name),
      stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    child.stdout.on("data", (piece) => {
      printed += piece;
    });
    await once(child, "close");
    const summary = /<testsuites[^>]*>/.exec(await readFile(results, "utf8"))?.[0] ?? "";
    await rm(folder, { recursive: true });
    expect(printed).toMatch(/^v24\./);
    expect(summary).toContain('failures="0" errors="0"');
    expect(Number(/tests="(\d+)"/.exec(summary)?.[1])).toBeGreaterThan(30);
  });
});
