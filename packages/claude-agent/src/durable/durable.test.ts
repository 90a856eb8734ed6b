import type { DurableDriver } from "@holdpoint/adapter-conformance";
import { createTestControlPlane } from "@holdpoint/testing";
import { expect, test, vi } from "vitest";
import { holdpointHook } from "../hook/hook.js";
import { runClaude } from "../testing/claude.js";
import { createDisk, WORK_FOLDER } from "../testing/disk.js";
import { driver } from "../testing/driver.js";
import { serveModel } from "../testing/model.js";
import { moveSession, parkedText } from "../testing/parked.js";
import { bankScene, TRANSFER, WIPE } from "../testing/scene.js";
import { serveTools } from "../testing/tool-server.js";
import { isDeferred } from "./is-deferred.js";

// With the real `claude`. Most of the durable way is played in conformance.test.ts.
vi.setConfig({ testTimeout: 90_000 });

const durable = driver.durable as DurableDriver;

test("of siblings one is deferred; the other is refused unasked, with what to do", async () => {
  await using plane = await createTestControlPlane();
  const { scene, effects } = bankScene(plane.client(), { calls: [TRANSFER, WIPE] });
  const parked = await durable.park(scene);
  const pending = await plane.pending();
  expect(pending).toMatchObject([{ action: "transfer" }]);
  await plane.approve(pending[0]?.id as string);
  const answers = await durable.resume(scene, parked);
  expect(effects).toEqual([{ tool: "transfer", args: TRANSFER.args }]);
  expect(answers.call_1).toContain('{"done":"transfer"}');
  expect(answers.call_2).toMatch(/PENDING: another call[\s\S]*bank \/ wipe was not asked/);
});

test("[G2] resumed at once by several processes: one effect", async () => {
  await using plane = await createTestControlPlane();
  const { scene, effects } = bankScene(plane.client());
  const parked = await durable.park(scene);
  await plane.approve((await plane.waitForRequest()).id);
  const given = await Promise.all(Array.from({ length: 5 }, () => durable.resume(scene, parked)));
  expect(effects).toEqual([{ tool: "transfer", args: TRANSFER.args }]);
  for (const answers of given) expect(answers.call_1).toContain("transfer");
});

test("[G2] the session is the run: a copy of it finds no approval; it waits until it is resumed", async () => {
  await using plane = await createTestControlPlane();
  const { scene, effects } = bankScene(plane.client());
  await using disk = await createDisk();
  await using tools = await serveTools(scene.tools);
  const hooks = () => ({
    ...holdpointHook({ service: "bank", holdpoint: plane.client(), whilePending: "defer" }),
  });
  const mcpServers = { bank: { type: "http", url: tools.url, alwaysLoad: true } } as const;
  const run = async (resume?: string) => {
    await using model = await serveModel([
      { id: "call_1", name: "mcp__bank__transfer", input: TRANSFER.args },
    ]);
    const options = { hooks: hooks(), mcpServers, tools: [] };
    return await runClaude({ disk, model, resume, options });
  };

  vi.stubEnv("CLAUDE_CONFIG_DIR", disk.home);
  const parked = await run();
  const { session_id: sessionId } = parked;
  expect(parked.subtype === "success" && parked.deferred_tool_use).toMatchObject({ id: "call_1" });
  const session = { sessionId, cwd: WORK_FOLDER, toolUseId: "call_1" };
  expect(await isDeferred(session)).toBe(true);
  await plane.approve((await plane.waitForRequest()).id);

  const copy = parkedText(moveSession({ sessionId, text: await disk.readSession(sessionId) }, "x"));
  await disk.writeSession(copy.sessionId, copy.text);
  await run(copy.sessionId);
  expect(effects).toEqual([]);
  expect(await plane.pending()).toMatchObject([{ run_id: copy.sessionId }]);

  await run(sessionId);
  expect(effects).toEqual([{ tool: "transfer", args: TRANSFER.args }]);
  expect(await isDeferred(session)).toBe(false);
  expect(await isDeferred({ ...session, toolUseId: "call_9" })).toBe(false);
  vi.unstubAllEnvs();
});
