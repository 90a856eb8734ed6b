// What the programs of the documentation need to run offline: a model for each framework, in place of
// a provider's, which calls `refund` once and then says what it was told. Texts, because they run in
// the project that the packed packages are installed into, with the framework installed there.

export const LANGCHAIN_MODEL = `
import { AIMessage } from "@langchain/core/messages";
import { fakeModel } from "@langchain/core/testing";

globalThis.model = fakeModel()
  .respondWithTools([{ name: "refund", args: { order: "A-7", cents: 500 }, id: "call_1" }])
  .respond((messages) => new AIMessage("I read: " + messages.at(-1).content));
`;

export const AI_SDK_MODEL = `
import { MockLanguageModelV4 } from "ai/test";

const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };
const turn = (part, unified) => ({ content: [part], finishReason: { unified }, usage, warnings: [] });
const input = JSON.stringify({ order: "A-7", cents: 500 });
const call = { type: "tool-call", toolCallId: "call_1", toolName: "refund", input };
const model = new MockLanguageModelV4({
  doGenerate: async ({ prompt }) => {
    const { role, content } = prompt.at(-1);
    if (role !== "tool") return turn(call, "tool-calls");
    return turn({ type: "text", text: "I read: " + content[0].output.value }, "stop");
  },
});
globalThis.AI_SDK_DEFAULT_PROVIDER = { specificationVersion: "v4", languageModel: () => model };
`;

export const OPENAI_MODEL = `
import { setDefaultModelProvider, setTracingDisabled } from "@openai/agents";
import { assistantMessage, functionCall, modelResponder, ScriptedModel } from "@openai/agents/testing";

setTracingDisabled(true);
const model = new ScriptedModel([
  [functionCall("refund", { order: "A-7", cents: 500 }, { callId: "call_1" })],
  modelResponder(({ request }) => [
    assistantMessage("I read: " + request.input.at(-1).output.text),
  ]),
]);
setDefaultModelProvider({ getModel: () => model });
`;

/** A team of one, with a gated tool, in KaibanJS. */
export const KAIBAN_TEAM = `
import { gateTools } from "@holdpoint/crewai";
import { tool } from "@langchain/core/tools";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { Agent, Task, Team } from "kaibanjs";
import { z } from "zod";

console.info = () => {}; // KaibanJS logs every step.
const transfer = tool(async ({ amount }) => console.log("Sending " + amount + "."), {
  name: "transfer",
  description: "Moves money.",
  schema: z.object({ amount: z.number() }),
});
const call = { thought: "I call it.", action: "transfer", actionInput: { amount: 500 } };
const responses = [JSON.stringify(call), JSON.stringify({ finalAnswer: "done" })];
const agent = new Agent({
  name: "Clerk",
  role: "Clerk",
  goal: "Move money",
  background: "Bank",
  tools: gateTools([transfer], { service: "bank" }),
  llmInstance: new FakeListChatModel({ responses }),
});
const task = new Task({ description: "Pay Ada.", expectedOutput: "A receipt", agent });
const team = new Team({ name: "Bank", agents: [agent], tasks: [task], logLevel: "error" });
console.log((await team.start()).status);
`;

/** A host: starts the MCP server given as JSON, calls one tool of it, and prints what a model reads. */
export const MCP_HOST = `
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const { server, tool } = JSON.parse(process.argv[2]);
const client = new Client({ name: "host", version: "1.0.0" });
await client.connect(new StdioClientTransport({ ...server, env: { ...process.env, ...server.env } }));
const { tools } = await client.listTools();
console.log(tools.map(({ name }) => name).join(" "));
const { content } = await client.callTool(tool);
console.log(content.map(({ text }) => text).join("\\n"));
await client.close();
`;

/** A server of files, in place of the one in the README, which only writes down what it was told to do. */
export const MCP_FILES = `
import { appendFileSync } from "node:fs";
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";

serveStdio(() => {
  const server = new McpServer({ name: "files", version: "1.0.0" });
  for (const name of ["read_text_file", "write_file", "move_file"]) {
    const inputSchema = z.object({ path: z.string() });
    server.registerTool(name, { description: name, inputSchema }, ({ path }) => {
      appendFileSync("effects.txt", name + " " + path + "\\n");
      return { content: [{ type: "text", text: name + " " + path }] };
    });
  }
  return server;
});
`;
