import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ENCRYPTION_KEY } from "./fixtures/plane.js";
import { servePlane } from "./fixtures/serve.js";

const PROGRAM = fileURLToPath(new URL("fixtures/transfer.program.ts", import.meta.url));
const HOME = fileURLToPath(new URL("../..", import.meta.url));

function run(args: readonly string[], environment: Record<string, string>): ChildProcess {
  const flags = ["--conditions=@holdpoint/source", "--import=tsx"];
  return spawn(process.execPath, [...flags, PROGRAM, ...args], {
    cwd: HOME,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function lineOf({ stdout }: ChildProcess): Promise<unknown> {
  const [line] = await once(createInterface({ input: stdout as NodeJS.ReadableStream }), "line");
  return JSON.parse(line);
}

test("[P-CHECKPOINTS] [G3] a graph that was interrupted in a process that was killed goes on in another", async () => {
  await using plane = await servePlane();
  const folder = await mkdtemp(join(tmpdir(), "holdpoint-langchain-"));
  const ledger = join(folder, "ledger");
  const environment = {
    HOLDPOINT_API_KEY: plane.holdpoint.apiKey,
    HOLDPOINT_URL: plane.url,
    HOLDPOINT_ENCRYPTION_KEY: ENCRYPTION_KEY,
  };
  try {
    const first = run(["start", "thread-1", ledger], environment);
    expect(await lineOf(first)).toEqual({
      log: ["quoted 500"],
      next: ["pay"],
      asked: [{ amount: 500 }],
    });
    first.kill("SIGKILL");
    await once(first, "exit");
    const second = run(["resume", "thread-1", ledger], environment);
    expect(await lineOf(second)).toEqual({ log: ["quoted 500", "paid 500"], next: [], asked: [] });
    expect(await readFile(ledger, "utf8")).toBe("quoted\npaid 500\n");
  } finally {
    await rm(folder, { recursive: true });
  }
  // Two processes start and compile LangGraph.
}, 120_000);
