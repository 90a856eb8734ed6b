import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, describe, expect, test } from "vitest";

const run = promisify(execFile);
const home = fileURLToPath(new URL("..", import.meta.url));
const folder = await mkdtemp(`${home}node_modules/.readme-`);
afterAll(() => rm(folder, { recursive: true }));

const readme = await readFile(`${home}README.md`, "utf8");
const examples = [...readme.matchAll(/^## (.+)\n[\s\S]*?^```ts\n([\s\S]*?)^```/gm)].map(
  ([, heading, code]) => ({ heading, code: code as string }),
);

describe("README", () => {
  test("has its examples", () => {
    expect(examples.map(({ heading }) => heading)).toEqual([
      "Decide by hand",
      "Decide up front",
      "Turn the clock",
      "Agents that make their own client",
    ]);
  });

  test.each(examples)("$heading: prints what its comment says", async ({ heading, code }) => {
    const file = `${folder}/${heading?.replaceAll(" ", "-")}.mjs`;
    await build({
      stdin: { contents: code, loader: "ts", resolveDir: home },
      outfile: file,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20",
      conditions: ["@holdpoint/source"],
      external: ["@photostructure/sqlite", "msw", "better-auth", "pino"],
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
    const expected = /console\.log\(.*\); \/\/ (.*)$/m.exec(code)?.[1];
    const { stdout } = await run(process.execPath, [file]);
    expect(stdout.trim().replaceAll("\n", "")).toBe(expected);
  });
});
