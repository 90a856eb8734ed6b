import { expect, it } from "vitest";
import { EXIT_CODES } from "./exit-codes.js";
import { spawnHoldpoint } from "./fixtures/holdpoint.js";
import { testTerminal } from "./fixtures/terminal.js";
import { main } from "./program.js";

it("documents every exit code in its help", async () => {
  const { exitCode, stdout } = await spawnHoldpoint(["--help"], "/");
  expect(exitCode).toBe(0);
  for (const { code, meaning } of Object.values(EXIT_CODES)) {
    expect(stdout).toContain(`${code}  ${meaning}`);
  }
});

it("prints its version", async () => {
  const { exitCode, stdout } = await spawnHoldpoint(["--version"], "/");
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it.each([
  [["nonsense"], "holdpoint --help"],
  [["requests", "nonsense"], "holdpoint requests --help"],
  [["spend", "nonsense"], "holdpoint spend --help"],
  [["dev", "--port", "http"], "holdpoint dev --help"],
  [["requests", "show"], "holdpoint requests show --help"],
])("answers %j with 2 and where to look", async (argv, hint) => {
  const terminal = testTerminal({ directory: "/" });
  expect(await main(argv, terminal)).toBe(EXIT_CODES.usage.code);
  expect(terminal.printed).toEqual([]);
  expect(terminal.notes.join("\n")).toContain(hint);
});

it.each([
  "dev",
  "serve",
  "requests",
  "spend",
  "receipts",
  "verify",
  "keys",
  "operators",
  "mcp",
  "backup",
  "restore",
  "doctor",
])("explains %s", async (command) => {
  const terminal = testTerminal({ directory: "/" });
  expect(await main([command, "--help"], terminal)).toBe(0);
  expect(terminal.printed.join("\n")).toContain(`Usage: holdpoint ${command}`);
});
