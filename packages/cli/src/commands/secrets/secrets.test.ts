import type { WireSecret } from "@holdpoint/protocol/gate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Development, holdpoint, startOwnDev } from "../../fixtures/holdpoint.js";
import { testTerminal } from "../../fixtures/terminal.js";
import { main } from "../../program.js";

const CANARY = "canary-7f3a91c2";

let dev: Development;

beforeAll(async () => {
  dev = await startOwnDev();
});

afterAll(() => dev[Symbol.asyncDispose]());

const run = (argv: readonly string[], input = "") =>
  holdpoint(["secrets", ...argv], { cwd: dev.cwd, input });

it("keeps a value from standard input, and never prints it", async () => {
  const set = await run(["set", "GITHUB_TOKEN", "--json"], `${CANARY}\n`);
  expect(set).toMatchObject({ exitCode: 0, stderr: "" });
  expect(JSON.parse(set.stdout) as WireSecret).toMatchObject({ name: "GITHUB_TOKEN" });
  const list = await run(["ls"]);
  expect(list.stdout).toMatch(/^GITHUB_TOKEN +now +operator Developer$/m);
  expect(set.stdout + list.stdout).not.toContain(CANARY);
});

it("asks a person for it without showing what is typed", async () => {
  const terminal = testTerminal({ directory: dev.cwd });
  let screen = "";
  terminal.screen.on("data", (chunk) => {
    // A person answers after the question is drawn, never while it is.
    const isAsked = screen.includes("Value of SLACK_TOKEN");
    screen += chunk;
    if (!isAsked && screen.includes("Value of SLACK_TOKEN")) {
      setImmediate(() => terminal.input.write(`${CANARY}\r`));
    }
  });
  expect(await main(["secrets", "set", "SLACK_TOKEN"], terminal)).toBe(0);
  expect(terminal.printed.join("\n")).toContain("SLACK_TOKEN is kept");
  expect(screen + terminal.printed.join() + terminal.notes.join()).not.toContain(CANARY);
});

it("takes no value as an argument, and no empty one", async () => {
  const argued = await run(["set", "GITHUB_TOKEN", CANARY]);
  expect(argued).toMatchObject({ exitCode: 2, stdout: "" });
  expect(argued.stderr).not.toContain(CANARY);
  expect(await run(["set", "GITHUB_TOKEN"], "\n")).toMatchObject({ exitCode: 2, stdout: "" });
  const refused = await run(["set", "lower-case"], CANARY);
  expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
  expect(refused.stderr).not.toContain(CANARY);
});

it("deletes it", async () => {
  expect((await run(["rm", "GITHUB_TOKEN"])).stdout).toBe("✓ Deleted GITHUB_TOKEN.\n");
  expect(await run(["rm", "GITHUB_TOKEN"])).toMatchObject({ exitCode: 4, stdout: "" });
});
