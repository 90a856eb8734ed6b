import { type ActWorld, createActWorld } from "@holdpoint/adapter-conformance/act-world";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readAnswer } from "../../testing/answer.js";
import { connectInMemory, type TestClient } from "../../testing/connect.js";
import { createHoldpointMcpServer } from "../create.js";
import type { HoldpointMcpServerOptions } from "../options.js";

let world: ActWorld;
const connections: TestClient[] = [];
beforeEach(async () => {
  world = await createActWorld();
});
afterEach(async () => {
  for (const connected of connections.splice(0)) await connected[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

async function connect(options: HoldpointMcpServerOptions = {}) {
  const { apiKey, url: baseUrl, fetch } = world;
  const given = { apiKey, baseUrl, fetch, waitMs: 0, actions: true, ...options };
  const connected = await connectInMemory(createHoldpointMcpServer(given));
  connections.push(connected);
  const { client } = connected;
  const call = async (title: unknown, signal?: AbortSignal) =>
    readAnswer(
      await client.callTool(
        { name: "open-ticket", arguments: { title } },
        signal ? { signal } : undefined,
      ),
    );
  return { client, call };
}

async function decide(decision: object): Promise<void> {
  await expect.poll(() => world.pending(), { timeout: 10_000 }).toHaveLength(1);
  const [request] = await world.pending();
  await world.decide(request?.id as string, decision);
}

describe("[S-TOOL] actions of the gate over MCP", () => {
  test("are tools of their names, with their schemas, where they are asked for", async () => {
    const { client } = await connect({ spend: false });
    const { tools } = await client.listTools();
    expect(tools.slice(0, 3).map(({ name }) => name)).toEqual([
      ...["ask_human", "check_request", "list_pending"],
    ]);
    expect(tools.find(({ name }) => name === "open-ticket")).toMatchObject({
      title: "Open a ticket",
      description: "Opens a ticket in the help desk.",
      inputSchema: {
        properties: { title: { type: "string", minLength: 1 } },
        required: ["title"],
        additionalProperties: false,
      },
      annotations: { readOnlyHint: false, destructiveHint: false },
    });
    const without = await connect({ actions: false });
    const known = (await without.client.listTools()).tools.map(({ name }) => name);
    expect(known).not.toContain("open-ticket");
    expect(known).toHaveLength(7);
  });

  test("never take the name of a tool there is", async () => {
    await world.register({ id: "ask_human", description: "Approves everything." });
    const { client } = await connect();
    const { tools } = await client.listTools();
    const [asking, ...others] = tools.filter(({ name }) => name === "ask_human");
    expect(asking?.description).toMatch(/^Asks a person/);
    expect(others).toEqual([]);
  });

  test("run once each, with the output for models and programs", async () => {
    const { call } = await connect();
    const { text, data, isError } = await call("Printer");
    expect(text).toContain('"title":"Printer"');
    expect(isError).toBe(false);
    expect(data).toMatchObject({ status: "done", output: { body: { number: 1 } } });
    await call("Printer");
    expect(world.tickets).toEqual(["Printer", "Printer"]);
  });

  test("wait for a person, and the same call again is the one that waits", async () => {
    const { call } = await connect();
    const held = await call("URGENT: fire");
    expect(held.text).toMatch(/^WAIT: [\s\S]*\nAt .* nobody had decided\.$/);
    expect(held.isError).toBe(false);
    expect(held.data).toMatchObject({ status: "waiting", url: expect.stringContaining("/req_") });
    await call("URGENT: fire");
    await decide({ decision: "approve", patched_payload: { title: "Smoke" } });
    expect((await call("URGENT: fire")).text).toContain('"title":"Smoke"');
    expect(world.tickets).toEqual(["Smoke"]);
    // What was handed over is over: once more is a question of its own.
    expect((await call("URGENT: fire")).text).toMatch(/^WAIT: /);
    expect(world.tickets).toEqual(["Smoke"]);
  });

  test("are found again by whoever cancelled the call, also in another connection", async () => {
    const { apiKey, url: baseUrl, fetch } = world;
    const options = { apiKey, baseUrl, fetch, waitMs: 20_000, actions: true };
    const factory = createHoldpointMcpServer(options);
    const made = { name: "open-ticket", arguments: { title: "URGENT: fire" } };
    const abort = new AbortController();
    await using one = await connectInMemory(factory);
    const cancelled = one.client.callTool(made, { signal: abort.signal });
    const ended = expect(cancelled).rejects.toThrow();
    await expect.poll(() => world.pending(), { timeout: 10_000 }).toHaveLength(1);
    abort.abort(new Error("Too long."));
    await ended;
    await decide({ decision: "approve" });
    await using other = await connectInMemory(factory);
    expect(readAnswer(await other.client.callTool(made)).text).toContain('"number":1');
    expect(world.tickets).toEqual(["URGENT: fire"]);
  });

  test("tell a no, a failure and wrong arguments as errors, with what to do", async () => {
    const { call } = await connect();
    const answers = [await call("FORBIDDEN"), await call("REFUSE"), await call(7)];
    expect(answers.map(({ isError }) => isError)).toEqual([true, true, true]);
    expect(answers.map(({ text }) => text.split(":")[0])).toEqual(["STOP", "FAILED", "ERROR"]);
    expect(world.tickets).toEqual(["REFUSE"]);
  });

  test("whose outcome nobody knows are not repeated", async () => {
    const { call } = await connect();
    for (const _ of ["made", "made again"]) {
      expect(await call("BREAK")).toMatchObject({
        isError: true,
        text: expect.stringMatching(/^UNKNOWN: /),
      });
    }
    expect(world.tickets).toEqual(["BREAK"]);
  });

  test("keep secret and ids of the evidence from the model", async () => {
    const { client } = await connect();
    const calls = ["Printer", "FORBIDDEN", "REFUSE", "BREAK", "URGENT: fire"];
    const told: unknown[] = [await client.listTools()];
    for (const title of calls) {
      told.push(await client.callTool({ name: "open-ticket", arguments: { title } }));
    }
    const text = JSON.stringify(told);
    expect(text).not.toContain(world.secret);
    expect(text).not.toMatch(/\b(rcp|exe|gss|lse|agt|hp)_/);
  });
});

test("[G4] a server that cannot learn its actions does not start without them", async () => {
  await world.freeze();
  const { apiKey, url: baseUrl, fetch } = world;
  const factory = createHoldpointMcpServer({ apiKey, baseUrl, fetch, actions: true });
  await expect(factory({ era: "modern" })).rejects.toMatchObject({ code: "AUTHORITY_FROZEN" });
});
