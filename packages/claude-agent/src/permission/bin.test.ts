import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { describe, expect, test, vi } from "vitest";
import { runClaude } from "../testing/claude.js";
import { createDisk } from "../testing/disk.js";
import { serveModel } from "../testing/model.js";
import { servePlane } from "../testing/serve-plane.js";
import { readCommandLine } from "./command-line.js";

vi.setConfig({ testTimeout: 60_000 });

const BIN = fileURLToPath(new URL("bin.ts", import.meta.url));
// By its whole name, for Claude starts it in a folder of its own.
const ARGS = ["--conditions=@holdpoint/source", `--import=${import.meta.resolve("tsx")}`, BIN];

test("[G4] the real claude asks it, runs what was approved, and nothing that was rejected", async () => {
  await using disk = await createDisk();
  const path = join(disk.home, "letter.txt");
  await using served = await servePlane({
    decisions: ({ action }) =>
      action === "Write"
        ? { decision: "approve", patch: { file_path: path, content: "Dear Grace" } }
        : { decision: "reject", reason: "Never that." },
  });
  await using model = await serveModel([
    { id: "call_1", name: "Write", input: { file_path: path, content: "Dear Ada" } },
    { id: "call_2", name: "Bash", input: { command: `rm ${path}`, description: "Clean" } },
  ]);
  const env = { PATH: process.env.PATH ?? "", ...served.environment };
  const holdpoint = { command: process.execPath, args: ARGS, env, alwaysLoad: true };
  await runClaude({
    disk,
    model,
    options: {
      tools: ["Bash", "Write"],
      mcpServers: { holdpoint },
      permissionPromptToolName: "mcp__holdpoint__approve",
    },
  });
  expect(await readFile(path, "utf8")).toBe("Dear Grace");
  expect(model.answers().call_2).toMatch(/STOP: a person rejected[\s\S]*Never that\./);
});

test("[G4] out of reach it denies; what is no prompt is an error, and no permission", async () => {
  const environment = { HOLDPOINT_URL: "http://127.0.0.1:9", HOLDPOINT_API_KEY: API_KEY };
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ARGS,
      env: { PATH: process.env.PATH ?? "", ...environment },
      stderr: "ignore",
    }) as Parameters<typeof client.connect>[0],
  );
  const prompt = { tool_name: "Bash", input: { command: "make" }, tool_use_id: "toolu_1" };
  const answer = await client.callTool({ name: "approve", arguments: prompt });
  const [{ text }] = answer.content as [{ text: string }];
  expect(JSON.parse(text)).toEqual({
    behavior: "deny",
    message: expect.stringContaining("CONNECTION_FAILED"),
  });
  for (const broken of [{}, { ...prompt, input: "make" }, { ...prompt, tool_use_id: "" }]) {
    const refused = await client.callTool({ name: "approve", arguments: broken });
    expect(refused.isError).toBe(true);
    expect(JSON.stringify(refused)).not.toContain("allow");
  }
  await client.close();
});

const API_KEY = `hp_${"1".repeat(26)}_${"a".repeat(43)}`;

describe("the command line", () => {
  test("without an API key it ends with a word about it", async () => {
    const env = { PATH: process.env.PATH };
    const ended = promisify(execFile)(process.execPath, ARGS, { env });
    await expect(ended).rejects.toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("HOLDPOINT_API_KEY"),
    });
  });

  test("says how it is used", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [...ARGS, "--help"]);
    expect(stdout).toMatch(/^Usage: holdpoint-permission-prompt/);
  });

  test("reads its options", () => {
    const argv = ["--service", "ci", "--role", "ops", "--priority", "high", "--timeout-ms", "5000"];
    expect(readCommandLine(argv)).toEqual({
      command: "serve",
      options: { service: "ci", role: "ops", priority: "high", timeoutMs: 5_000 },
    });
    expect(readCommandLine([])).toMatchObject({ options: { service: "claude-code" } });
    expect(readCommandLine(["-v"])).toEqual({ command: "version" });
  });

  test.each([
    [["--priority", "urgent"]],
    [["--timeout-ms", "soon"]],
    [["--timeout-ms", "999"]],
    [["--approve-all"]],
    [["extra"]],
  ])("refuses %j", (argv) => {
    expect(() => readCommandLine(argv)).toThrow(TypeError);
  });
});
