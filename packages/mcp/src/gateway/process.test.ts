import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { bin, runProgram } from "../testing/program.js";
import { requestIdOf, type Stage, setStage, textOf } from "./testing/gateway.js";

// Each test starts processes from source.
vi.setConfig({ testTimeout: 120_000 });

const args = { name: "a", text: "hello" };

let stage: Stage;

beforeEach(async () => {
  stage = await setStage();
});

afterEach(() => stage[Symbol.asyncDispose]());

test("[G2] after a kill, the request's id is all it takes, for a client of either era", async () => {
  const servers = { notes: stage.notes() };
  let id: string;
  {
    await using gateway = await stage.start(servers, { era: "legacy" });
    id = requestIdOf(await gateway.call("notes__write_note", args));
    process.kill(gateway.pid, "SIGKILL");
  }
  await stage.plane.approve(id, { patch: { name: "a", text: "bye" } });
  await using again = await stage.start(servers, { era: "modern" });
  expect(textOf(await again.check(id))).toBe("wrote bye to a");
  expect(textOf(await again.check(id))).toBe("wrote bye to a");
  expect(await stage.log()).toEqual(["write a bye"]);
});

test("[G2] fifty checks at once, of two gateways: one run, one result for all", async () => {
  const servers = { notes: stage.notes() };
  await using first = await stage.start(servers);
  await using second = await stage.open(servers);
  const id = requestIdOf(await first.call("notes__write_note", args));
  await stage.plane.approve(id);
  const checks = Array.from({ length: 50 }, (_, index) =>
    (index % 2 === 0 ? first : second).check(id),
  );
  const texts = (await Promise.all(checks)).map(textOf);
  expect(new Set(texts)).toEqual(new Set(["wrote hello to a"]));
  expect(await stage.log()).toEqual(["write a hello"]);
});

test("[G2] killed in the middle of the run: unknown, and not run again", async () => {
  const servers = { notes: stage.notes() };
  const gateway = await stage.start(servers);
  const id = requestIdOf(await gateway.call("notes__hang"));
  await stage.plane.approve(id);
  const checked = gateway.check(id).catch(() => {});
  await expect.poll(() => stage.log(), { timeout: 60_000 }).toContain("hang");
  process.kill(gateway.pid, "SIGKILL");
  await checked;
  await stage.plane.clock.advance(61_000);
  await using again = await stage.open(servers);
  const unknown = await again.check(id);
  expect(unknown.isError).toBe(true);
  expect(textOf(unknown)).toMatch(/^UNKNOWN: .*\(OUTCOME_UNKNOWN\)/);
  expect((await stage.log()).filter((line) => line === "hang")).toHaveLength(1);
});

test("servers get their own variables and a safe few, never the gateway's", async () => {
  const tools = { environment: "allow" };
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is written so in the file
  const notes = stage.notes({ tools, env: { TOKEN: "${UPSTREAM_TOKEN}!" } });
  const env = { UPSTREAM_TOKEN: "t0ken", OTHER: "secret" };
  await using gateway = await stage.start({ notes }, { env });
  const seen = JSON.parse(textOf(await gateway.call("notes__environment")));
  expect(seen.TOKEN).toBe("t0ken!");
  expect(seen.PATH).toBe(process.env.PATH);
  expect(Object.keys(seen).filter((name) => /^HOLDPOINT_|^OTHER$/.test(name))).toEqual([]);
});

test("cancellation reaches the server, and progress the client", async () => {
  const tools = { hang: "allow", count: "allow", release: "allow" };
  await using gateway = await stage.start({ notes: stage.notes({ tools }) });
  const stop = new AbortController();
  const hang = { name: "notes__hang", arguments: {} };
  const hanging = gateway.client.callTool(hang, { signal: stop.signal });
  await Promise.all([
    expect(hanging).rejects.toThrow("stopped"),
    expect
      .poll(() => stage.log(), { timeout: 60_000 })
      .toContain("hang")
      .then(() => stop.abort(new Error("stopped"))),
  ]);
  await expect.poll(() => stage.log(), { timeout: 60_000 }).toContain("cancelled");
  const seen: unknown[] = [];
  const counted = gateway.client.callTool(
    { name: "notes__count", arguments: {} },
    { onprogress: ({ progress, total, message }) => void seen.push([progress, total, message]) },
  );
  await expect
    .poll(() => seen, { timeout: 60_000 })
    .toEqual([
      [1, 3, "step 1"],
      [2, 3, "step 2"],
      [3, 3, "step 3"],
    ]);
  await gateway.call("notes__release");
  expect(textOf(await counted)).toBe("counted");
});

test("a client of the protocol's first SDK lists, calls and checks", async () => {
  const file = await stage.configure({ notes: stage.notes({ tools: { read_note: "allow" } }) });
  const env = { PATH: String(process.env.PATH), ...stage.plane.environment };
  const client = new OldClient({ name: "old", version: "1.0.0" });
  await client.connect(
    new OldTransport({ ...bin(["gateway", "--config", file, "--wait-ms", "0"]), env }),
  );
  const call = async (name: string, given: Record<string, unknown>) =>
    (await client.callTool({ name, arguments: given })) as Parameters<typeof textOf>[0];
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain("notes__write_note");
  expect(await call("notes__read_note", { name: "a" })).toMatchObject({
    structuredContent: { name: "a", length: 1 },
  });
  const id = requestIdOf(await call("notes__write_note", args));
  await stage.plane.approve(id);
  expect(textOf(await call("holdpoint__check_request", { request_id: id }))).toBe(
    "wrote hello to a",
  );
  await client.close();
});

test("a configuration that is wrong ends the gateway with 2 and the place", async () => {
  const file = await stage.configure({ notes: { command: 7 } });
  const ended = await runProgram(["gateway", "--config", file], stage.plane.environment);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain("servers.notes.command: ");
  expect(ended.stdout).toBe("");
});
