import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { requestIdOf, type Stage, setStage, textOf } from "./testing/gateway.js";

// Each test starts processes from source.
vi.setConfig({ testTimeout: 120_000 });

const WAITING = { waitMs: 45_000 };
const args = { name: "a", text: "hello" };

let stage: Stage;

beforeEach(async () => {
  stage = await setStage();
});

afterEach(() => stage[Symbol.asyncDispose]());

describe("the policy", () => {
  const tools = { read_note: "allow", fail: "observe", "delete_*": "deny" };

  test("lists the tools as the server defines them, prefixed, without the denied", async () => {
    await using gateway = await stage.open({ notes: stage.notes({ tools }) });
    const listed = (await gateway.client.listTools()).tools;
    const names = listed.map(({ name }) => name);
    expect(names).toContain("notes__write_note");
    expect(names).not.toContain("notes__delete_note");
    expect(names.at(-1)).toBe("holdpoint__check_request");
    expect(listed.find(({ name }) => name === "notes__read_note")).toMatchObject({
      title: "Read a note",
      description: "Reads one note.",
      inputSchema: { type: "object", properties: { name: { type: "string" } } },
      outputSchema: { type: "object", required: ["name", "length"] },
      annotations: { readOnlyHint: true, openWorldHint: false },
    });
  });

  test("allow: runs at once, and the answer comes through as it is", async () => {
    await using gateway = await stage.open({ notes: stage.notes({ tools }) });
    expect(await gateway.call("notes__read_note", { name: "a" })).toMatchObject({
      content: [{ type: "text", text: "note a" }],
      structuredContent: { name: "a", length: 1 },
    });
    expect(await stage.plane.pending()).toEqual([]);
    expect(await stage.plane.observations()).toEqual([]);
  });

  test("observe: the same, and the control plane is told", async () => {
    {
      await using gateway = await stage.open({ notes: stage.notes({ tools }) });
      expect(await gateway.call("notes__fail")).toMatchObject({
        content: [{ type: "text", text: "The disk is full." }],
        isError: true,
      });
    }
    expect(await stage.plane.observations()).toMatchObject([{ service: "notes", action: "fail" }]);
    expect(await stage.plane.pending()).toEqual([]);
  });

  test("[G4] deny: refused, and nothing runs", async () => {
    await using gateway = await stage.open({ notes: stage.notes({ tools }) });
    const refused = await gateway.call("notes__delete_note", { name: "a" });
    expect(refused.isError).toBe(true);
    expect(textOf(refused)).toMatch(/^ACTION_REJECTED: the policy does not allow notes/);
    expect(await stage.log()).toEqual([]);
    expect(await stage.plane.pending()).toEqual([]);
  });

  test("[G2] ask: waits in place, then runs once with what was approved", async () => {
    const notes = stage.notes({ service: "notebook", priority: "high", tools });
    await using gateway = await stage.open({ notes }, WAITING);
    const [called, request] = await Promise.all([
      gateway.call("notes__write_note", args),
      stage.nextRequest().then(async (asked) => {
        expect(await stage.log()).toEqual([]);
        await stage.plane.approve(asked.id);
        return asked;
      }),
    ]);
    expect(request).toMatchObject({
      service: "notebook",
      action: "write_note",
      priority: "high",
      payload: args,
      schema: { properties: { text: { maxLength: 20 } } },
    });
    expect(called.isError).toBeUndefined();
    expect(called.content).toEqual([{ type: "text", text: "wrote hello to a" }]);
    expect(await stage.log()).toEqual(["write a hello"]);
    expect(await stage.plane.execution(request.id)).toMatchObject({ status: "COMMITTED" });
  });

  test("an unknown tool is an error of the protocol", async () => {
    await using gateway = await stage.open({ notes: stage.notes({ tools }) });
    await expect(gateway.call("notes__no_such")).rejects.toMatchObject({ code: -32_602 });
    await expect(gateway.call("holdpoint__check_request")).rejects.toMatchObject({ code: -32_602 });
  });
});

describe("a person", () => {
  test("[G2] edits: that runs, and the model is told after the result", async () => {
    await using gateway = await stage.open({ notes: stage.notes() });
    const id = requestIdOf(await gateway.call("notes__write_note", args));
    await stage.plane.approve(id, { patch: { name: "a", text: "bye" }, reason: "shorter" });
    const { content } = await gateway.check(id);
    expect(content).toMatchObject([{ text: "wrote bye to a" }, { type: "text" }]);
    expect(content[1]).toMatchObject({ text: expect.stringContaining("edited the arguments") });
    expect(content[1]).toMatchObject({ text: expect.stringContaining("shorter") });
    expect(await stage.log()).toEqual(["write a bye"]);
  });

  test("[G4] edits past the tool's schema: refused", async () => {
    await using gateway = await stage.open({ notes: stage.notes() });
    const id = requestIdOf(await gateway.call("notes__write_note", args));
    const patch = { name: "a", text: "x".repeat(21) };
    await expect(stage.plane.approve(id, { patch })).rejects.toMatchObject({
      code: "PATCH_INVALID",
    });
    expect(textOf(await gateway.check(id))).toMatch(/^PENDING/);
    expect(await stage.log()).toEqual([]);
  });

  test("[G4] rejects: the reason reaches the model, and nothing runs", async () => {
    await using gateway = await stage.open({ notes: stage.notes() });
    const id = requestIdOf(await gateway.call("notes__write_note", args));
    await stage.plane.reject(id, { reason: "Not on a Friday." });
    const refused = await gateway.check(id);
    expect(refused.isError).toBe(true);
    expect(textOf(refused)).toMatch(/^ACTION_REJECTED: a person rejected notes \/ write_note/);
    expect(textOf(refused)).toContain("Not on a Friday.");
    expect(await stage.log()).toEqual([]);
  });

  test("[G4] says nothing until it is too late: that is a no", async () => {
    await using gateway = await stage.open({ notes: stage.notes({ timeout_ms: 60_000 }) });
    const id = requestIdOf(await gateway.call("notes__write_note", args));
    await stage.plane.clock.advance(60_000);
    expect(textOf(await gateway.check(id))).toMatch(/^ACTION_REJECTED: nobody decided/);
    expect(await stage.log()).toEqual([]);
  });

  test("is not asked what the tool's schema refuses", async () => {
    await using gateway = await stage.open({ notes: stage.notes() });
    const wrong = await gateway.call("notes__write_note", { name: 7 });
    expect(wrong.isError).toBe(true);
    expect(textOf(wrong)).toMatch(/^ERROR: [\s\S]*PAYLOAD_INVALID/);
    expect(await stage.plane.pending()).toEqual([]);
  });
});

describe("pending", () => {
  test("[G2] the same call made again is the same request; once answered, another one", async () => {
    await using gateway = await stage.open({ notes: stage.notes() });
    const write = (more: object = {}) => gateway.call("notes__write_note", { ...args, ...more });
    const pending = await write();
    expect(pending.isError).toBeUndefined();
    expect(textOf(pending)).toMatch(/^PENDING: a person has to decide notes \/ write_note/);
    const id = requestIdOf(pending);
    expect(requestIdOf(await write())).toBe(id);
    expect(requestIdOf(await write({ name: "b" }))).not.toBe(id);
    await stage.plane.approve(id);
    expect(textOf(await write())).toBe("wrote hello to a");
    expect(requestIdOf(await write())).not.toBe(id);
    expect(await stage.log()).toEqual(["write a hello"]);
  });

  test("is an error to clients that wait for structured content", async () => {
    await using gateway = await stage.open({ notes: stage.notes() });
    await gateway.client.listTools();
    const pending = await gateway.call("notes__read_note", { name: "a" });
    expect(pending.isError).toBe(true);
    expect(textOf(pending)).toMatch(/^PENDING/);
  });

  test("a run that takes longer than a call may is named, and goes on", async () => {
    await using gateway = await stage.open({ notes: stage.notes({ call_timeout_ms: 8_000 }) });
    const id = requestIdOf(await gateway.call("notes__hang"));
    await stage.plane.approve(id);
    const running = await gateway.call("holdpoint__check_request", { request_id: id });
    expect(textOf(running)).toMatch(/^RUNNING: notes \/ hang was approved/);
    expect(textOf(await gateway.check(id))).toMatch(/^UNKNOWN: notes \/ hang was begun/);
    expect((await stage.log()).filter((line) => line === "hang")).toHaveLength(1);
  });
});

describe("[G4] a request that must not run here", () => {
  test("is no call of this gateway's", async () => {
    await using gateway = await stage.open({ notes: stage.notes() });
    const hp = stage.plane.client();
    const metadata = {
      "mcp.server": "notes",
      "mcp.definition": "d",
      "holdpoint.tool": "write_note",
      "holdpoint.tool_call_id": "c",
    };
    const asked = { service: "notes", action: "write_note", payload: args };
    for (const request of [
      asked,
      { ...asked, action: "read_note", metadata, runId: "r" },
      { ...asked, service: "harmless", metadata, runId: "r" },
      { ...asked, metadata, runId: "r" },
    ]) {
      const { id } = await hp.defer(request);
      await stage.plane.approve(id);
      expect(textOf(await gateway.check(id))).toMatch(/no call of a tool|has changed/);
    }
    expect(textOf(await gateway.check("req_01h455vb4pex5vsknk084sn02q"))).toMatch(/^ERROR/);
    expect(await stage.log()).toEqual([]);
  });

  test("is of a tool that is denied by now, or gone", async () => {
    let id: string;
    {
      await using gateway = await stage.open({ notes: stage.notes() });
      id = requestIdOf(await gateway.call("notes__write_note", args));
    }
    await stage.plane.approve(id);
    await using strict = await stage.open({ notes: stage.notes({ tools: { "*": "deny" } }) });
    expect(textOf(await strict.check(id))).toMatch(/^ACTION_REJECTED/);
    await using without = await stage.open({ others: stage.notes() });
    expect(textOf(await without.check(id))).toMatch(/offers notes \/ write_note any more/);
    expect(await stage.log()).toEqual([]);
  });

  test("was approved of another definition of the tool", async () => {
    const tools = { rewrite: "allow" };
    await using gateway = await stage.open({ notes: stage.notes({ tools }) });
    const id = requestIdOf(await gateway.call("notes__read_note", { name: "a" }));
    await gateway.call("notes__rewrite");
    await stage.plane.approve(id);
    expect(textOf(await gateway.check(id))).toMatch(/has changed the definition/);
    expect(await stage.log()).toEqual([]);
  });
});

test.each(["legacy", "modern"] as const)(
  "[G4] a tool whose definition changes is asked about, where it was allowed (%s client)",
  async (era) => {
    const tools = { read_note: "allow", rewrite: "allow" };
    await using gateway = await stage.open({ notes: stage.notes({ tools }) }, { era });
    const changed = new Promise<void>((resolve) => {
      gateway.client.setNotificationHandler("notifications/tools/list_changed", () => resolve());
    });
    if (era === "modern") await gateway.client.listen({ toolsListChanged: true });
    expect(textOf(await gateway.call("notes__read_note", { name: "a" }))).toBe("note a");
    await gateway.call("notes__rewrite");
    await changed;
    expect(textOf(await gateway.call("notes__read_note", { name: "a" }))).toMatch(/^PENDING/);
  },
);
