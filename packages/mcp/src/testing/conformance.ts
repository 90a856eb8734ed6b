import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";

const require = createRequire(import.meta.url);
const manifest = require.resolve("@modelcontextprotocol/conformance/package.json");
const suite = join(dirname(manifest), "dist/index.js");

/**
 * The suite imports `globSync` from `fs`, which Node 20 does not have; no scenario for servers uses
 * it. Given an absent one, the suite runs there too.
 */
const GLOB_ON_NODE_20 = `
export async function resolve(specifier, context, next) {
  if (specifier !== "fs" || !context.parentURL?.includes("conformance")) return next(specifier, context);
  const source = "export * from 'node:fs'; export { globSync } from 'data:text/javascript,export const globSync = undefined;';";
  return { url: "data:text/javascript," + encodeURIComponent(source), shortCircuit: true };
}`;
const PRELOAD = `import { register } from "node:module"; register(${JSON.stringify(dataUrl(GLOB_ON_NODE_20))});`;

/** How a scenario of the official suite went. */
export interface ScenarioResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
}

export interface SuiteRun {
  readonly code: number;
  readonly scenarios: readonly ScenarioResult[];
  readonly output: string;
}

/** Runs the official suite against a server: all its scenarios for servers, or those named. */
export async function runConformance(url: string, scenario?: string): Promise<SuiteRun> {
  const chosen = scenario ? ["--scenario", scenario] : ["--suite", "all"];
  const args = ["--import", dataUrl(PRELOAD), suite, "server", "--url", url, ...chosen];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  const lines = output.matchAll(/^[✓✗] (\S+): (\d+) passed, (\d+) failed/gm);
  const scenarios = Array.from(lines, ([, name = "", passed, failed]) => ({
    name,
    passed: Number(passed),
    failed: Number(failed),
  }));
  return { code, scenarios, output: output + errors };
}

function dataUrl(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
