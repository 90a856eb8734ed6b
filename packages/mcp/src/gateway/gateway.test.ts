import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { requestIdOf, type Stage, setStage, textOf } from "./testing/gateway.js";

// Each test starts processes from source.
vi.setConfig({ testTimeout: 120_000 });

let stage: Stage;

beforeEach(async () => {
  stage = await setStage();
});

afterEach(() => stage[Symbol.asyncDispose]());

const POLICY = {
  read_note: "allow",
  "delete_*": "deny",
  fail: "observe",
  environment: "allow",
  count: "allow",
  hang: "allow",
  rewrite: "allow",
};
const AT_ONCE = ["--wait-ms", "0"];

test("lists the tools as the server defines them, prefixed, without the denied", async () => {
  await using gateway = await stage.start({ notes: stage.notes({ tools: POLICY }) });
  const { tools } = await gateway.client.listTools();
  const names = tools.map(({ name }) => name);
  expect(names).toContain("notes__write_note");
  expect(names).not.toContain("notes__delete_note");
  expect(names.at(-1)).toBe("holdpoint__check_request");
  expect(tools.find(({ name }) => name === "notes__read_note")).toMatchObject({
    title: "Read a note",
    description: "Reads one note.",
    inputSchema: { type: "object", properties: { name: { type: "string" } } },
    outputSchema: { type: "object", required: ["name", "length"] },
    annotations: { readOnlyHint: true, openWorldHint: false },
  });
});

test("allowed and observed: runs at once, and the answer comes through as it is", async () => {
  await using gateway = await stage.start({ notes: stage.notes({ tools: POLICY }) });
  expect(await gateway.call("notes__read_note", { name: "a" })).toMatchObject({
    content: [{ type: "text", text: "note a" }],
    structuredContent: { name: "a", length: 1 },
  });
  expect(await gateway.call("notes__fail")).toMatchObject({
    content: [{ type: "text", text: "The disk is full." }],
    isError: true,
  });
  expect(await stage.plane.pending()).toEqual([]);
});

test("[G4] denied: refused, and nothing runs", async () => {
  await using gateway = await stage.start({ notes: stage.notes({ tools: POLICY }) });
  const refused = await gateway.call("notes__delete_note", { name: "a" });
  expect(refused.isError).toBe(true);
  expect(textOf(refused)).toMatch(/^ACTION_REJECTED: the policy does not allow notes/);
  expect(await stage.log()).toEqual([]);
  expect(await stage.plane.pending()).toEqual([]);
});

test("an unknown tool is an error of the protocol", async () => {
  await using gateway = await stage.start({ notes: stage.notes() });
  await expect(gateway.call("notes__no_such")).rejects.toMatchObject({ code: -32602 });
  await expect(gateway.call("holdpoint__check_request")).rejects.toMatchObject({ code: -32602 });
});

describe("asked", () => {
  const args = { name: "a", text: "hello" };

  test("[G2] waits in place, then runs once with what was approved", async () => {
    await using gateway = await stage.start({
      notes: stage.notes({ service: "notebook", priority: "high" }),
    });
    const called = gateway.call("notes__write_note", args);
    const request = await stage.plane.waitForRequest();
    expect(request).toMatchObject({
      service: "notebook",
      action: "write_note",
      priority: "high",
      payload: args,
      schema: { properties: { text: { maxLength: 20 } } },
    });
    expect(await stage.log()).toEqual([]);
    await stage.plane.approve(request.id);
    expect(await called).toMatchObject({ content: [{ text: "wrote hello to a" }] });
    expect(await stage.log()).toEqual(["write a hello"]);
    expect(await stage.plane.execution(request.id)).toMatchObject({ status: "COMMITTED" });
  });

  test("[G2] runs what a person made of it, and says so after the result", async () => {
    await using gateway = await stage.start({ notes: stage.notes() });
    const called = gateway.call("notes__write_note", args);
    const { id } = await stage.plane.waitForRequest();
    await stage.plane.approve(id, { patch: { text: "bye" }, reason: "shorter" });
    const { content } = await called;
    expect(content).toMatchObject([{ text: "wrote bye to a" }, { type: "text" }]);
    expect(content[1]).toMatchObject({ text: expect.stringContaining("edited the arguments") });
    expect(content[1]).toMatchObject({ text: expect.stringContaining("shorter") });
    expect(await stage.log()).toEqual(["write a bye"]);
  });

  test("[G4] an edit that the tool's schema refuses does not go through", async () => {
    await using gateway = await stage.start({ notes: stage.notes() }, { args: AT_ONCE });
    const id = requestIdOf(await gateway.call("notes__write_note", args));
    await expect(
      stage.plane.approve(id, { patch: { text: "x".repeat(21) } }),
    ).rejects.toMatchObject({ code: "PATCH_INVALID" });
    expect(textOf(await gateway.check(id))).toMatch(/^PENDING/);
    expect(await stage.log()).toEqual([]);
  });

  test("[G4] rejected: the reason reaches the model, and nothing runs", async () => {
    await using gateway = await stage.start({ notes: stage.notes() });
    const called = gateway.call("notes__write_note", args);
    const { id } = await stage.plane.waitForRequest();
    await stage.plane.reject(id, { reason: "Not on a Friday." });
    const refused = await called;
    expect(refused.isError).toBe(true);
    expect(textOf(refused)).toMatch(/^ACTION_REJECTED: a person rejected notes \/ write_note/);
    expect(textOf(refused)).toContain("Not on a Friday.");
    expect(textOf(await gateway.check(id))).toMatch(/^ACTION_REJECTED/);
    expect(await stage.log()).toEqual([]);
  });

  test("[G2] pending, made again: the same request; answered: another one", async () => {
    await using gateway = await stage.start({ notes: stage.notes() }, { args: AT_ONCE });
    const pending = await gateway.call("notes__write_note", args);
    expect(pending.isError).toBeUndefined();
    expect(textOf(pending)).toMatch(/^PENDING: a person has to decide notes \/ write_note/);
    const id = requestIdOf(pending);
    expect(requestIdOf(await gateway.call("notes__write_note", args))).toBe(id);
    expect(requestIdOf(await gateway.call("notes__write_note", { ...args, name: "b" }))).not.toBe(
      id,
    );
    await stage.plane.approve(id);
    expect(textOf(await gateway.call("notes__write_note", args))).toBe("wrote hello to a");
    expect(requestIdOf(await gateway.call("notes__write_note", args))).not.toBe(id);
    expect(await stage.log()).toEqual(["write a hello"]);
  });

  test("pending is an error to clients that wait for structured content", async () => {
    await using gateway = await stage.start({ notes: stage.notes() }, { args: AT_ONCE });
    await gateway.client.listTools();
    const pending = await gateway.call("notes__read_note", { name: "a" });
    expect(pending.isError).toBe(true);
    expect(textOf(pending)).toMatch(/^PENDING/);
  });

  test("[G2] after a restart, the request's id is all it takes", async () => {
    const servers = { notes: stage.notes() };
    let id: string;
    {
      await using gateway = await stage.start(servers, { args: AT_ONCE });
      id = requestIdOf(await gateway.call("notes__write_note", args));
      process.kill(gateway.pid, "SIGKILL");
    }
    await stage.plane.approve(id, { patch: { text: "bye" } });
    await using again = await stage.start(servers, { era: "legacy" });
    expect(textOf(await again.check(id))).toBe("wrote bye to a");
    expect(textOf(await again.check(id))).toBe("wrote bye to a");
    expect(await stage.log()).toEqual(["write a bye"]);
  });

  test("[G2] fifty checks at once, of two gateways: one run, one result for all", async () => {
    const servers = { notes: stage.notes() };
    await using first = await stage.start(servers, { args: AT_ONCE });
    await using second = await stage.start(servers);
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
    const called = gateway.call("notes__hang").catch(() => {});
    const { id } = await stage.plane.waitForRequest();
    await stage.plane.approve(id);
    await expect.poll(() => stage.log()).toContain("hang");
    process.kill(gateway.pid, "SIGKILL");
    await called;
    await stage.plane.clock.advance(61_000);
    await using again = await stage.start(servers);
    const unknown = await again.check(id);
    expect(unknown.isError).toBe(true);
    expect(textOf(unknown)).toMatch(/^UNKNOWN: .*\(OUTCOME_UNKNOWN\)/);
    expect(await stage.log()).toEqual(["hang"]);
  });

  test("a run that takes longer than a call may is named, and its result fetched later", async () => {
    await using gateway = await stage.start({ notes: stage.notes() }, { args: AT_ONCE });
    const id = requestIdOf(await gateway.call("notes__hang"));
    await stage.plane.approve(id);
    const running = await gateway.check(id);
    expect(textOf(running)).toMatch(/^RUNNING: notes \/ hang was approved and has begun/);
    expect(await stage.log()).toEqual(["hang"]);
  });

  test("[G4] a request that is no call of this gateway's runs nothing", async () => {
    await using gateway = await stage.start({ notes: stage.notes() }, { args: AT_ONCE });
    const hp = stage.plane.client();
    const plain = await hp.defer({ service: "notes", action: "write_note", payload: args });
    const disguised = await hp.defer({
      service: "notes",
      action: "read_note",
      payload: args,
      runId: "r",
      metadata: {
        "mcp.server": "notes",
        "mcp.definition": "d",
        "holdpoint.tool": "write_note",
        "holdpoint.tool_call_id": "c",
      },
    });
    for (const { id } of [plain, disguised]) {
      await stage.plane.approve(id);
      expect(textOf(await gateway.check(id))).toMatch(/is no call of a tool behind this gateway/);
    }
    expect(textOf(await gateway.check("req_01h455vb4pex5vsknk084sn02q"))).toMatch(/^ERROR/);
    expect(await stage.log()).toEqual([]);
  });

  test("[G4] what the policy denies by now is not run, approved or not", async () => {
    let id: string;
    {
      await using gateway = await stage.start({ notes: stage.notes() }, { args: AT_ONCE });
      id = requestIdOf(await gateway.call("notes__write_note", args));
    }
    await stage.plane.approve(id);
    await using strict = await stage.start({ notes: stage.notes({ tools: { "*": "deny" } }) });
    expect(textOf(await strict.check(id))).toMatch(/^ACTION_REJECTED/);
    await using without = await stage.start({ others: stage.notes() });
    expect(textOf(await without.check(id))).toMatch(/offers notes \/ write_note any more/);
    expect(await stage.log()).toEqual([]);
  });
});

describe("a tool whose definition changes", () => {
  test("[G4] is asked about, where it was allowed", async () => {
    await using gateway = await stage.start(
      { notes: stage.notes({ tools: POLICY }) },
      { args: AT_ONCE },
    );
    await gateway.client.listTools();
    expect(textOf(await gateway.call("notes__read_note", { name: "a" }))).toBe("note a");
    await gateway.call("notes__rewrite");
    await expect
      .poll(async () => textOf(await gateway.call("notes__read_note", { name: "a" })))
      .toMatch(/^PENDING/);
  });

  test("[G4] is not run under an approval of what it was", async () => {
    const tools = { rewrite: "allow" };
    await using gateway = await stage.start({ notes: stage.notes({ tools }) }, { args: AT_ONCE });
    const id = requestIdOf(await gateway.call("notes__read_note", { name: "a" }));
    await gateway.call("notes__rewrite");
    await stage.plane.approve(id);
    expect(textOf(await gateway.check(id))).toMatch(/has changed the definition/);
    expect(await stage.log()).toEqual([]);
  });
});

describe("the servers behind", () => {
  test("one that ends is reported, and started again for the next call", async () => {
    const tools = { die: "allow", read_note: "allow" };
    await using gateway = await stage.start({ notes: stage.notes({ tools }) });
    const died = await gateway.call("notes__die");
    expect(died.isError).toBe(true);
    expect(textOf(died)).toMatch(/^UNKNOWN: notes__die was begun/);
    expect(textOf(await gateway.call("notes__read_note", { name: "a" }))).toBe("note a");
  });

  test("[G2] one that ends under an approval leaves an unknown outcome for everybody", async () => {
    await using gateway = await stage.start({ notes: stage.notes() }, { args: AT_ONCE });
    const id = requestIdOf(await gateway.call("notes__die"));
    await stage.plane.approve(id);
    expect(textOf(await gateway.check(id))).toMatch(/^UNKNOWN: notes \/ die was begun/);
    expect(textOf(await gateway.check(id))).toMatch(/^UNKNOWN: notes \/ die was begun/);
    expect(await stage.log()).toEqual(["die"]);
  });

  test("one that does not start leaves the others, and is not started again at once", async () => {
    await using gateway = await stage.start({
      broken: { command: "/no/such/program", tools: { "*": "allow" } },
      notes: stage.notes(),
    });
    const { tools } = await gateway.client.listTools();
    expect(tools.map(({ name }) => name)).toContain("notes__read_note");
    await expect(gateway.call("broken__tool")).rejects.toMatchObject({ code: -32602 });
  });

  test("get their own variables and a safe few, never the gateway's", async () => {
    await using gateway = await stage.start(
      {
        notes: stage.notes({
          tools: POLICY,
          // biome-ignore lint/suspicious/noTemplateCurlyInString: it is written so in the file
          env: { TOKEN: "${UPSTREAM_TOKEN}!" },
        }),
      },
      { env: { UPSTREAM_TOKEN: "t0ken", OTHER: "secret" } },
    );
    const seen = JSON.parse(textOf(await gateway.call("notes__environment")));
    expect(seen.TOKEN).toBe("t0ken!");
    expect(seen.PATH).toBe(process.env.PATH);
    expect(Object.keys(seen).filter((name) => /^HOLDPOINT_|^OTHER$/.test(name))).toEqual([]);
  });
});

test("cancellation reaches the server, and progress the client", async () => {
  await using gateway = await stage.start({ notes: stage.notes({ tools: POLICY }) });
  const stop = new AbortController();
  const hanging = gateway.client.callTool(
    { name: "notes__hang", arguments: {} },
    { signal: stop.signal },
  );
  await Promise.all([
    expect(hanging).rejects.toThrow(),
    expect
      .poll(() => stage.log())
      .toContain("hang")
      .then(() => stop.abort("stopped")),
  ]);
  await expect.poll(() => stage.log()).toContain("cancelled");
  const seen: unknown[] = [];
  await gateway.client.callTool(
    { name: "notes__count", arguments: {} },
    { onprogress: ({ progress, total, message }) => void seen.push([progress, total, message]) },
  );
  expect(seen).toEqual([
    [1, 3, "step 1"],
    [2, 3, "step 2"],
    [3, 3, "step 3"],
  ]);
});
