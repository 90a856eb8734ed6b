import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const run = promisify(execFile);
const home = fileURLToPath(new URL("..", import.meta.url));
const GUIDE = `${home}../../docs/get-started/langchain.md`;
// Inside the package, so that the examples resolve it by its own name.
await mkdir(`${home}.results`, { recursive: true });
const folder = await mkdtemp(`${home}.results/readme-`);
afterAll(() => rm(folder, { recursive: true }));

/** Each starts a process that compiles and starts a control plane, on a busy machine. */
const SLOW = { timeout: 120_000 };

const readme = await blocksOf(`${home}README.md`);
const find = (text: string) => readme.find((code) => code.includes(text)) as string;
const [gate, ask] = [find("createAgent, tool }"), find("createHoldpointTool({")];

test("a gated tool runs once it is approved", SLOW, async () => {
  expect(await play("gate.mts", gate)).toBe("I read: Refunded 500 cents of A-7.\n");
});

test("a policy goes with it", SLOW, async () => {
  const lookUp = `const lookUp = tool(async () => "", { name: "look_up", schema: z.object({}) });`;
  const code = `${gate}\n${lookUp}\n${find("lookUp], {")}`;
  expect(await play("policy.mts", code)).toBe("I read: Refunded 500 cents of A-7.\n");
});

test("a middleware gates all tools of an agent", SLOW, async () => {
  const [head] = gate.split("const agent") as [string];
  const imports = `import { holdpointMiddleware } from "@holdpoint/langchain/middleware";\n`;
  const agent = find("tools: [refund], // and").split("\n\n").at(-1);
  const tail = gate.slice(gate.indexOf("const { messages }"));
  const output = await play("middleware.mts", `${imports}${head}${agent}\n${tail}`);
  expect(output).toBe("I read: Refunded 500 cents of A-7.\n");
});

test("the model asks by itself", SLOW, async () => {
  const output = await play("ask.mts", ask, { TOOL: "request_approval" });
  expect(output).toMatch(/^I read: APPROVED: support \/ refund may run once/);
});

test("a graph is interrupted, a handler waits for its webhook", SLOW, async () => {
  for (const name of ["agent", "start", "route"]) await write(`${name}.mts`, find(`// ${name}.ts`));
  const whole = `await import("./start.mjs");
const { POST } = await import("./route.mjs");
const forged = new Request("http://localhost/", { method: "POST", body: "{}" });
console.log((await POST(forged)).status);`;
  const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
  const environment = { DECISIONS: "none", HOLDPOINT_WEBHOOK_SECRET: secret };
  const lines = (await play("durable.mts", whole, environment)).trim().split("\n");
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
  const output = await play("graph.mts", code, { DECISIONS: "none" });
  expect(output).toBe("holdpoint.approval\n");
});

test("the page on getting started prints what it says", SLOW, async () => {
  const [program] = await blocksOf(GUIDE);
  const output = await play("start-here.mts", program as string);
  const page = await readFile(GUIDE, "utf8");
  const said = /What you see[\s\S]*?```text\n([\s\S]*?)```/.exec(page)?.[1] as string;
  const masked = (text: string) => text.replace(/http:\S+/g, "URL").trim();
  expect(masked(output)).toBe(masked(said));
});

async function blocksOf(path: string): Promise<readonly string[]> {
  const text = await readFile(path, "utf8");
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code as string);
}

/** As it is printed, but for the model, and for the ending by which tsx knows a module. */
async function write(name: string, code: string): Promise<string> {
  const file = `${folder}/${name}`;
  const offline = code.replaceAll('"openai:gpt-5.2"', "globalThis.model");
  await writeFile(file, offline.replaceAll("./agent.js", "./agent.mjs"));
  return file;
}

async function play(name: string, code: string, environment: Record<string, string> = {}) {
  const file = await write(name, code);
  const { stdout } = await run(
    process.execPath,
    [
      "--conditions=@holdpoint/source",
      "--import=tsx",
      `--import=${home}src/testing/offline.ts`,
      file,
    ],
    { cwd: home, env: { ...process.env, ...environment } },
  );
  return stdout;
}
