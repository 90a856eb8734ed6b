import { createSdkMcpServer } from "@anthropic-ai/claude-agent-sdk";
import { ConfigurationError } from "@holdpoint/sdk";
import { spendTools } from "@holdpoint/sdk/adapter";
import { createTestControlPlane } from "@holdpoint/testing";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { expect, test, vi } from "vitest";
import { createSpendTools } from "./spend-tools.js";

const ASKED = { amount: "12.50", currency: "EUR", category: "cloud" };

test("[S-TOOL] Claude is told exactly what the tools take, and is answered when it errs", async () => {
  await using plane = await createTestControlPlane();
  const holdpoint = plane.client();
  const tools = createSpendTools(Object.freeze({ holdpoint }));
  const { instance } = createSdkMcpServer({ name: "holdpoint", tools });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await instance.connect(serverSide);
  const client = new Client({ name: "claude", version: "1.0.0" });
  await client.connect(clientSide);

  const told = (await client.listTools()).tools;
  const known = spendTools(holdpoint);
  expect(told.map(({ name }) => name)).toEqual(known.map(({ name }) => name));
  for (const [index, { inputSchema }] of known.entries()) {
    const { properties, required } = inputSchema as { properties: object; required: string[] };
    expect(told[index]?.inputSchema.properties).toEqual(properties);
    expect(told[index]?.inputSchema.required ?? []).toEqual(required);
  }
  const call = { name: "request_purchase", arguments: { ...ASKED, amount: 12.5 } };
  expect(await client.callTool(call)).toMatchObject({
    isError: true,
    content: [{ text: expect.stringMatching(/^ERROR: no purchase was made/) }],
  });
  await client.close();
});

test("[G4] no API key is told when the tools are made", () => {
  vi.stubEnv("HOLDPOINT_API_KEY", "");
  expect(() => createSpendTools()).toThrow(ConfigurationError);
  vi.unstubAllEnvs();
});
