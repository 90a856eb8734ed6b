import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";

const run = promisify(execFile);
const home = fileURLToPath(new URL("..", import.meta.url));
// Inside the package, so that the examples resolve it by its own name.
await mkdir(`${home}.results`, { recursive: true });
const folder = await mkdtemp(`${home}.results/readme-`);
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
      "Guarded functions",
      "What was observed",
      "Agents that make their own client",
    ]);
  });

  test.each(examples)(
    "$heading: prints what its comment says",
    async ({ heading, code }) => {
      const file = `${folder}/${heading?.replaceAll(" ", "-")}.mts`;
      await writeFile(file, code);
      const expected = /console\.log\(.*\); \/\/ (.*)$/m.exec(code)?.[1];
      const { stdout } = await run(
        process.execPath,
        ["--conditions=@holdpoint/source", "--import=tsx", file],
        { cwd: home },
      );
      expect(stdout.trim().replaceAll("\n", "")).toBe(expected);
      // Each example starts a process that compiles and starts a control plane.
    },
    60_000,
  );
});
