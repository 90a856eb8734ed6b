import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test, vi } from "vitest";
import { REFUND, readAnswer } from "./testing/answer.js";
import { connectHttp, connectStdio } from "./testing/connect.js";
import { listenPlane } from "./testing/plane.js";
import { startHttpProgram } from "./testing/program.js";

// Each test starts several processes, which compile the program first.
vi.setConfig({ testTimeout: 120_000 });

const plane = await listenPlane();
afterAll(() => plane.close());

/** Hosts cut a call after this time; the client in the tests is given no more. */
const HOST_LIMIT_MS = 60_000;
/** The bound of a wait, shortened so that the test need not take its 45 s. */
const WAIT_MS = "300";
const TEN_MINUTES_MS = 600_000;

const environment = { ...plane.environment, HOLDPOINT_MCP_WAIT_MS: WAIT_MS };
const call = { name: "ask_human", arguments: REFUND };

describe.each(["legacy", "modern"] as const)("a %s client with a limit of 60 s", (era) => {
  const options = { timeout: HOST_LIMIT_MS };

  test.each(["approve", "reject"] as const)(
    "[G4] gets the answer %s after ten minutes, and after client and server were restarted",
    async (decision) => {
      const before = await connectStdio(environment, { era });
      const asked = readAnswer(await before.client.callTool(call, options));
      expect(asked.text).toMatch(/^PENDING:/);
      process.kill(before.pid, "SIGKILL");
      await before.client.close();

      await plane.clock.advance(TEN_MINUTES_MS);
      const after = await connectStdio(environment, { era });
      const check = async () =>
        readAnswer(
          await after.client.callTool(
            { name: "check_request", arguments: { request_id: asked.data?.request_id } },
            options,
          ),
        );
      expect((await check()).data).toEqual(asked.data);
      await plane.decide(String(asked.data?.request_id), { decision });
      const { text } = await check();
      expect(text).toMatch(decision === "approve" ? /^APPROVED:/ : /^ACTION_REJECTED:/);
      await after[Symbol.asyncDispose]();
    },
  );

  test("finds what it had asked by list_pending, when it lost the id too", async () => {
    const before = await connectStdio(environment, { era });
    const cut = before.client.callTool({ ...call, arguments: { ...REFUND, action: "payout" } });
    const { id } = await plane.waitForRequest({ action: "payout" });
    process.kill(before.pid, "SIGKILL");
    await expect(cut).rejects.toThrow();
    await before.client.close();

    const after = await connectStdio(environment, { era });
    const { data } = readAnswer(await after.client.callTool({ name: "list_pending" }));
    expect(data).toMatchObject({ requests: [{ request_id: id, action: "payout" }] });
    await plane.reject(id);
    await after[Symbol.asyncDispose]();
  });

  test("the question asked again in the same run finds its request after the restart", async () => {
    const run = { ...environment, HOLDPOINT_MCP_RUN_ID: `run-${era}` };
    const before = await connectStdio(run, { era });
    const first = readAnswer(await before.client.callTool(call, options));
    process.kill(before.pid, "SIGKILL");
    await before.client.close();
    const after = await connectStdio(run, { era });
    expect(readAnswer(await after.client.callTool(call, options)).data).toEqual(first.data);
    await plane.reject(String(first.data?.request_id));
    await after[Symbol.asyncDispose]();
  });
});

test("over HTTP: the server is killed in the middle of a wait, and another one has the answer", async () => {
  const first = await startHttpProgram({ ...environment, HOLDPOINT_MCP_WAIT_MS: "50000" });
  const before = await connectHttp(first.url, { era: "legacy" });
  // A client of the 2025 revisions hopes that the stream comes back, till its own limit.
  const cut = before.client.callTool(call, { timeout: 2_000 });
  const { id } = await plane.waitForRequest();
  first.process.kill("SIGKILL");
  await expect(cut).rejects.toThrow();
  await first.ended;

  await using second = await startHttpProgram(environment);
  await using after = await connectHttp(second.url, { era: "legacy" });
  await plane.approve(id);
  const check = { name: "check_request", arguments: { request_id: id } };
  expect(readAnswer(await after.client.callTool(check)).text).toMatch(/^APPROVED:/);
});

test("a modern client keeps its state, exits, and goes on as another process with another server", async () => {
  const { requestState } = await runRound({});
  const { id } = await plane.waitForRequest();
  await plane.clock.advance(TEN_MINUTES_MS);
  await plane.approve(id, { patch: { order: "o_7", amount: 5_000 } });
  const { text } = await runRound({ requestState });
  expect(text).toMatch(/^APPROVED WITH CHANGES:/);
  expect(text).toContain('{"order":"o_7","amount":5000}');
});

/** One round of a call, in a client process of its own that starts a server of its own. */
async function runRound(round: object): Promise<{ requestState?: string; text?: string }> {
  const file = fileURLToPath(new URL("testing/round.program.ts", import.meta.url));
  const args = ["--conditions=@holdpoint/source", "--import=tsx", file, JSON.stringify(round)];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [[line]] = await Promise.all([
    once(createInterface({ input: child.stdout }), "line"),
    once(child, "exit"),
  ]);
  return JSON.parse(line);
}
