import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type NodeIncomingMessageLike, toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { requestIdOf, type Stage, setStage, textOf } from "../testing/gateway.js";
import { createNotes } from "../testing/upstream.js";

// Each test starts processes from source.
vi.setConfig({ testTimeout: 120_000 });

let stage: Stage;

beforeEach(async () => {
  stage = await setStage();
});

afterEach(() => stage[Symbol.asyncDispose]());

/** The notes over HTTP, for those who know the token. */
async function listenNotes(token: string) {
  const handle = toNodeHandler(createMcpHandler(() => createNotes(undefined)));
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) response.writeHead(401).end();
    else void handle(request as NodeIncomingMessageLike, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test("two servers, a program and one over HTTP, each with names and a policy of its own", async () => {
  await using remote = await listenNotes("t0ken");
  await using gateway = await stage.open({
    local: stage.notes({ tools: { "*": "deny", read_note: "allow" }, prefix: "" }),
    remote: {
      url: remote.url,
      headers: { authorization: "Bearer t0ken" },
      tools: { "*": "ask", "read_*": "allow" },
    },
  });
  const { tools } = await gateway.client.listTools();
  const names = tools.map(({ name }) => name);
  expect(names[0]).toBe("read_note");
  expect(names).toContain("remote__write_note");
  expect(names.filter((name) => name.includes("write_note"))).toHaveLength(1);
  expect(textOf(await gateway.call("read_note", { name: "a" }))).toBe("note a");
  expect(textOf(await gateway.call("remote__read_note", { name: "b" }))).toBe("note b");
  const id = requestIdOf(await gateway.call("remote__write_note", { name: "c", text: "x" }));
  await stage.plane.approve(id);
  expect(textOf(await gateway.check(id))).toBe("wrote x to c");
});

test("of two tools with one name the first server's is offered", async () => {
  await using gateway = await stage.open({
    first: stage.notes({ prefix: "", tools: { "*": "deny", read_note: "allow" } }),
    second: stage.notes({ prefix: "", tools: { "*": "ask" } }),
  });
  const { tools } = await gateway.client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(["read_note", "holdpoint__check_request"]);
  expect(textOf(await gateway.call("read_note", { name: "a" }))).toBe("note a");
});

test("one that ends is reported, and started again for the next call", async () => {
  const tools = { die: "allow", read_note: "allow" };
  await using gateway = await stage.open({ notes: stage.notes({ tools }) });
  const died = await gateway.call("notes__die");
  expect(died.isError).toBe(true);
  expect(textOf(died)).toMatch(/^UNKNOWN: notes__die was begun/);
  expect(textOf(await gateway.call("notes__read_note", { name: "a" }))).toBe("note a");
});

test("one that ends again and again is left alone for a while", async () => {
  await using gateway = await stage.open({ notes: stage.notes({ tools: { die: "allow" } }) });
  await gateway.call("notes__die");
  await gateway.call("notes__die");
  const left = await gateway.call("notes__die");
  expect(textOf(left)).toMatch(/^ERROR: The server notes .* tried again in \d+ s\. Nothing ran\./);
  expect(await stage.log()).toEqual(["die", "die"]);
});

test("[G2] one that ends under an approval leaves an unknown outcome for everybody", async () => {
  await using gateway = await stage.open({ notes: stage.notes() });
  const id = requestIdOf(await gateway.call("notes__die"));
  await stage.plane.approve(id);
  expect(textOf(await gateway.check(id))).toMatch(/^UNKNOWN: notes \/ die was begun/);
  expect(textOf(await gateway.check(id))).toMatch(/^UNKNOWN: notes \/ die was begun/);
  expect(await stage.log()).toEqual(["die"]);
});

test("one that does not start leaves the others, and is named", async () => {
  await using gateway = await stage.open({
    broken: { command: "/no/such/program", tools: { "*": "allow" } },
    notes: stage.notes(),
  });
  const { tools } = await gateway.client.listTools();
  expect(tools.map(({ name }) => name)).toContain("notes__read_note");
  await expect(gateway.call("broken__tool")).rejects.toMatchObject({
    code: -32_602,
    message: expect.stringContaining("do not answer: broken"),
  });
});
