import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { writeResult } from "./lib/report.js";
import { quantile, round } from "./lib/stats.js";

const RUNS = 15;
const run = promisify(execFile);
const entry = createRequire(import.meta.url)
  .resolve("@holdpoint/sdk")
  .replace(/\.cjs$/, ".js");

/** What `import { Holdpoint } from "@holdpoint/sdk"` costs a browser bundle and a Node process. */
export async function measureBundle(): Promise<void> {
  const { initial, lazy } = await bundleSizes();
  const importMs: number[] = [];
  for (let index = 0; index < RUNS; index++) importMs.push(await timeImport());
  await writeResult({
    name: "bundle",
    about:
      "The SDK's root entry with all its dependencies, minified by esbuild and gzipped: what is loaded at once, and what is loaded only when used (encryption, schemas, guard, states, webhooks, receipts). Import time in a fresh Node process, median.",
    rows: [
      { figure: "loaded at once", value: `${round(initial / 1_000)} kB`, aim: "≤ 12 kB" },
      { figure: "loaded when used", value: `${round(lazy / 1_000)} kB` },
      { figure: "import time", value: `${round(quantile(importMs, 0.5))} ms`, aim: "≤ 15 ms" },
    ],
  });
}

async function bundleSizes(): Promise<{ initial: number; lazy: number }> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    outdir: "out",
    write: false,
    metafile: true,
  });
  const sizes = new Map(
    outputFiles.map(({ path, contents }) => [
      path.slice(path.lastIndexOf("/") + 1),
      gzipSync(contents, { level: 9 }).length,
    ]),
  );
  const atOnce = new Set<string>();
  const follow = (path: string) => {
    if (atOnce.has(path)) return;
    atOnce.add(path);
    for (const { path: next, kind } of metafile.outputs[path]?.imports ?? []) {
      if (kind === "import-statement") follow(next);
    }
  };
  // What is loaded late is an entry of its own.
  const root = Object.keys(metafile.outputs).find((path) => {
    const { entryPoint } = metafile.outputs[path] ?? {};
    return entryPoint !== undefined && resolve(entryPoint) === entry;
  });
  if (root === undefined) throw new Error("Expected esbuild to name the entry point.");
  follow(root);
  const names = new Set([...atOnce].map((path) => path.slice(path.lastIndexOf("/") + 1)));
  let initial = 0;
  let lazy = 0;
  for (const [name, bytes] of sizes) {
    if (names.has(name)) initial += bytes;
    else lazy += bytes;
  }
  return { initial, lazy };
}

async function timeImport(): Promise<number> {
  const script = `const t = performance.now(); await import(${JSON.stringify(entry)}); console.log(performance.now() - t)`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script]);
  return Number(stdout);
}
