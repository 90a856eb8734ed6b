import { createSdkMcpServer } from "@anthropic-ai/claude-agent-sdk";
import { createActWorld } from "@holdpoint/adapter-conformance/act-world";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { afterAll, expect, test } from "vitest";
import { gateActions } from "./gate-actions.js";

const world = await createActWorld();
afterAll(() => world[Symbol.asyncDispose]());

async function connect() {
  const tools = await gateActions(world.client());
  const { instance } = createSdkMcpServer({ name: "holdpoint", tools });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await instance.connect(serverSide);
  const client = new Client({ name: "claude", version: "1.0.0" });
  await client.connect(clientSide);
  return client;
}

test("[S-TOOL] Claude is told exactly what an action takes", async () => {
  const client = await connect();
  const { tools } = await client.listTools();
  const known = await world.client().gate.actions();
  expect(tools.map(({ name }) => name)).toEqual(known.map(({ id }) => id));
  for (const [index, { parameters }] of known.entries()) {
    expect(tools[index]?.inputSchema).toMatchObject(parameters);
  }
  await client.close();
});

test("[S-TOOL] what did not run is an error, also where the arguments are the cause", async () => {
  const client = await connect();
  const call = (args: Record<string, unknown>) =>
    client.callTool({ name: "open-ticket", arguments: args });
  const text = (pattern: RegExp) => [{ text: expect.stringMatching(pattern) }];
  expect(await call({ title: "Printer" })).toMatchObject({ content: text(/"title":"Printer"/) });
  expect(await call({ title: "FORBIDDEN" })).toMatchObject({
    isError: true,
    content: text(/^STOP: /),
  });
  expect(await call({ title: 7 })).toMatchObject({
    isError: true,
    content: text(/^ERROR: open-ticket did not run[\s\S]*\/title/),
  });
  await client.close();
});
