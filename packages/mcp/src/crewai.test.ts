import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { afterAll, expect, test } from "vitest";
import { listenPlane } from "./testing/plane.js";
import { bin } from "./testing/program.js";

const plane = await listenPlane();
afterAll(() => plane.close());

/** What CrewAI 1.15.30 (Python, with mcp 1.30.0) sends when `examples/crewai-python` runs. */
const recorded = await readFile(new URL("fixtures/crewai-1.15.30.jsonl", import.meta.url), "utf8");
const [hello, initialized, list, listAgain, ask, check] = recorded.trim().split("\n");

interface Answer {
  readonly id: number;
  readonly result: {
    readonly isError?: boolean;
    readonly tools?: readonly { readonly name: string }[];
    readonly content?: readonly { readonly text: string }[];
  };
}

test("[P-MCP] a Python crew asks, is told to check, and reads why not", {
  timeout: 120_000,
}, async () => {
  const { command, args } = bin();
  const program = spawn(command, args, {
    env: { ...process.env, ...plane.environment, HOLDPOINT_MCP_WAIT_MS: "0" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  const send = (line = "") => void program.stdin.write(`${line}\n`);
  const call = async (line = ""): Promise<Answer> => {
    send(line);
    return JSON.parse((await lines.next()).value as string) as Answer;
  };
  try {
    expect(await call(hello)).toMatchObject({ result: { protocolVersion: "2025-11-25" } });
    send(initialized);
    for (const line of [list, listAgain]) {
      const { result } = await call(line);
      const names = result.tools?.map(({ name }) => name);
      expect(names?.slice(0, 3)).toEqual(["ask_human", "check_request", "list_pending"]);
    }
    // It sends null for everything its model has left out.
    const pending = await call(ask);
    expect(pending.result.content?.[0]?.text).toMatch(/^PENDING:/);
    const { id } = await plane.waitForRequest();
    await plane.reject(id, { reason: "Over budget." });
    const { result } = await call(check?.replace("REQUEST_ID", id));
    expect(result.isError).toBe(true);
    expect(result.content?.[0]?.text).toMatch(/^ACTION_REJECTED:[\s\S]*Over budget\./);
  } finally {
    program.kill();
  }
});
