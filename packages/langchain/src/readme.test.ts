import { fileURLToPath } from "node:url";
import { createDocumentation, SLOW } from "@holdpoint/adapter-conformance/documentation";
import { expect, test } from "vitest";

const home = fileURLToPath(new URL("..", import.meta.url));
const GUIDE = `${home}../../docs/get-started/langchain.md`;
const documentation = await createDocumentation(home, (code) =>
  code.replaceAll('"openai:gpt-5.2"', "globalThis.model"),
);
const readme = await documentation.blocksOf(`${home}README.md`);
const find = (text: string) => readme.find((code) => code.includes(text)) as string;
const [gate, ask] = [find("createAgent, tool }"), find("createHoldpointTool({")];

test("a gated tool runs once it is approved", SLOW, async () => {
  expect(await documentation.play("gate.mts", gate)).toBe("I read: Refunded 500 cents of A-7.\n");
});

test("a policy goes with it", SLOW, async () => {
  const lookUp = `const lookUp = tool(async () => "", { name: "look_up", schema: z.object({}) });`;
  const code = `${gate}\n${lookUp}\n${find("lookUp], {")}`;
  expect(await documentation.play("policy.mts", code)).toBe("I read: Refunded 500 cents of A-7.\n");
});

test("a middleware gates all tools of an agent", SLOW, async () => {
  const [head] = gate.split("const agent") as [string];
  const imports = `import { holdpointMiddleware } from "@holdpoint/langchain/middleware";\n`;
  const agent = find("tools: [refund], // and").split("\n\n").at(-1);
  const tail = gate.slice(gate.indexOf("const { messages }"));
  const output = await documentation.play("middleware.mts", `${imports}${head}${agent}\n${tail}`);
  expect(output).toBe("I read: Refunded 500 cents of A-7.\n");
});

test("the model asks by itself", SLOW, async () => {
  const output = await documentation.play("ask.mts", ask, { TOOL: "request_approval" });
  expect(output).toMatch(/^I read: APPROVED: support \/ refund may run once/);
});

test("the model asks for money", SLOW, async () => {
  const code = find("createSpendTools()");
  const output = await documentation.play("spend.mts", code, { TOOL: "request_purchase" });
  expect(output).toMatch(/^I read: WAIT: a person has to decide on 12\.50 EUR/);
});

test("the model uses actions of the gate", SLOW, async () => {
  const code = `${find("await gateActions(new Holdpoint())")}\nprocess.exit(0);`;
  const output = await documentation.play("act.mts", code, { TOOL: "open-ticket" });
  expect(output).toMatch(/^I read: .*"title":"The printer is out of paper"/);
});

test("a graph is interrupted, a handler waits for its webhook", SLOW, async () => {
  for (const name of ["agent", "start", "route"]) {
    await documentation.write(`${name}.mts`, find(`// ${name}.ts`));
  }
  const lines = await documentation.playDurable();
  expect(lines).toEqual([expect.stringMatching(/\/requests\/req_\w+$/), "401"]);
});

test("a graph of one's own is interrupted, too", SLOW, async () => {
  const [head] = gate.split("const agent") as [string];
  const code = `import type { AIMessage } from "@langchain/core/messages";
import { END, MessagesAnnotation, Send, START, StateGraph } from "@langchain/langgraph";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import { HoldpointCheckpointSaver } from "@holdpoint/langchain";
${head}
const callModel = async ({ messages }) => ({ messages: [await globalThis.model.invoke(messages)] });
${find("new StateGraph(")}
const config = { configurable: { thread_id: "chat-7" } };
const { __interrupt__: [interrupt] } = await graph.invoke({ messages: [] }, config);
console.log(interrupt.value.type);`;
  const output = await documentation.play("graph.mts", code, { DECISIONS: "none" });
  expect(output).toBe("holdpoint.approval\n");
});

test("the page on getting started prints what it says", SLOW, async () => {
  const [program] = await documentation.blocksOf(GUIDE);
  await documentation.expectAsSaid(GUIDE, "start-here.mts", program as string);
});
