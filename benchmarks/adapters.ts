import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { gateTools as gateAiTools } from "@holdpoint/ai-sdk";
import { gateTools as gateLangChainTools } from "@holdpoint/langchain";
import { gateTools as gateOpenAiTools } from "@holdpoint/openai-agents";
import { Holdpoint } from "@holdpoint/sdk";
import { createGate, type GateOptions } from "@holdpoint/sdk/adapter";
import { tool as langChainTool } from "@langchain/core/tools";
import { tool as openAiTool, RunContext } from "@openai/agents";
import { tool as aiTool } from "ai";
import { build } from "esbuild";
import { z } from "zod";
import { BenchClient } from "./lib/client.js";
import type { ControlPlaneReady } from "./lib/control-plane.js";
import { startServer } from "./lib/processes.js";
import { type Row, writeResult } from "./lib/report.js";
import { quantile, round } from "./lib/stats.js";

const CALLS = 2_000;
const WARM_UP = 200;
/** Asked calls take their round trips, so fewer of them do. */
const ASKED_CALLS = 300;
const IMPORTS = 7;
const run = promisify(execFile);

/** Makes one tool call of a framework, under a call id of its own. */
type Call = (toolCallId: string) => Promise<unknown>;

/** A framework's tool as it is, and behind its adapter's gate. */
interface Framework {
  readonly name: string;
  bare(): Call;
  gated(options: GateOptions): Call;
}

const schema = z.object({ query: z.string(), limit: z.number().int() });
const args = { query: "unpaid invoices of last month", limit: 20 };
const search = async ({ query }: z.infer<typeof schema>) => ({ query, found: 3 });
const described = { name: "search", description: "Searches." };

const FRAMEWORKS: readonly Framework[] = [
  { name: "the gate alone", bare: () => () => search(args), gated: gateFunction },
  { name: "LangChain", ...langChain() },
  { name: "AI SDK", ...aiSdk() },
  { name: "OpenAI Agents", ...openAiAgents() },
];

/** What a gate adds to one tool call, by what the policy says of it. */
export async function measureAdapters(): Promise<void> {
  await using server = await startServer<ControlPlaneReady>(
    new URL("lib/control-plane.ts", import.meta.url),
  );
  const { apiKey, url: baseUrl } = server.ready;
  const options = {
    service: "bench",
    holdpoint: new Holdpoint({ apiKey, baseUrl }),
    runId: "bench",
  };
  const client = new BenchClient(server.ready, 4);
  const rows: Row[] = [];
  for (const framework of FRAMEWORKS) {
    const [bareMs, allowedMs, observedMs] = await timeCalls([
      framework.bare(),
      framework.gated({ ...options, policy: "allow" }),
      framework.gated({ ...options, policy: "observe" }),
    ]);
    rows.push(
      { figure: `${framework.name}: its own call`, value: `${round(bareMs)} ms` },
      row(framework, "allowed by policy", allowedMs - bareMs, "≤ 2 ms"),
      row(framework, "only observed", observedMs - bareMs, "≤ 0.1 ms"),
    );
    const asked = await timeApproved(framework.gated(options), options, client);
    rows.push(row(framework, "asked, and approved before", asked - bareMs));
  }
  await client.close();
  await options.holdpoint.flush();
  for (const [name, framework] of Object.entries(PACKAGES)) {
    const [bytes, importMs] = [await measureBytes(name), await timeImport(name, framework)];
    rows.push(
      { figure: `@holdpoint/${name}: own code`, value: `${round(bytes / 1_000)} kB` },
      { figure: `@holdpoint/${name}: import`, value: `${round(importMs)} ms` },
    );
  }
  await writeResult({
    name: "adapters",
    about:
      "One tool call through the framework's own way of calling a tool, median, bare and gated in turn, in one process; the control plane runs in another. The last line of each is a call whose question a person has answered already: found, claimed, run and recorded, over loopback. Own code is the entry without its dependencies, minified by esbuild and gzipped; import is what it adds, with its dependencies, once the framework is loaded, in a fresh Node process.",
    rows,
  });
}

function row({ name }: Framework, what: string, addedMs: number, aim?: string): Row {
  return {
    figure: `${name}: added when ${what}`,
    value: `${round(addedMs)} ms`,
    ...(aim !== undefined && { aim }),
  };
}

/** The adapters, with what of their framework is there already. */
const PACKAGES = {
  langchain: "@langchain/langgraph",
  "ai-sdk": "ai",
  "openai-agents": "@openai/agents",
  "claude-agent": "@anthropic-ai/claude-agent-sdk",
  mcp: undefined,
  crewai: undefined,
} as const;

async function measureBytes(name: string): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [entryOf(name)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
    packages: "external",
  });
  return gzipSync(outputFiles[0]?.contents as Uint8Array, { level: 9 }).length;
}

async function timeImport(name: string, framework: string | undefined): Promise<number> {
  const first = framework === undefined ? "" : `await import(${JSON.stringify(framework)});`;
  const script = `${first} const t = performance.now(); await import("@holdpoint/${name}"); console.log(performance.now() - t)`;
  const samples: number[] = [];
  for (let index = 0; index < IMPORTS; index++) {
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], {
      cwd: import.meta.dirname,
    });
    samples.push(Number(stdout));
  }
  return quantile(samples, 0.5);
}

function entryOf(name: string): string {
  return fileURLToPath(new URL(`../packages/${name}/dist/index.js`, import.meta.url));
}

let calls = 0;

/** One call of each in turn, so that none of them gets the warmer machine. @returns their medians. */
async function timeCalls(each: readonly [Call, Call, Call]): Promise<[number, number, number]> {
  const samples = each.map((): number[] => []);
  for (let index = 0; index < WARM_UP + CALLS; index++) {
    for (const [which, call] of each.entries()) {
      calls += 1;
      const startedAtMs = performance.now();
      await call(`call_${calls}`);
      if (index >= WARM_UP) samples[which]?.push(performance.now() - startedAtMs);
    }
  }
  return samples.map((own) => quantile(own, 0.5)) as [number, number, number];
}

/** Each call's question is put and approved first; only what comes after that is timed. */
async function timeApproved(
  call: Call,
  options: GateOptions,
  client: BenchClient,
): Promise<number> {
  const gate = createGate(options);
  const samples: number[] = [];
  for (let index = 0; index < ASKED_CALLS; index++) {
    calls += 1;
    const toolCallId = `call_${calls}`;
    const { id } = await gate.hold({ tool: "search", args, toolCallId, schema });
    await client.approve({ id, revision: 1 });
    const startedAtMs = performance.now();
    await call(toolCallId);
    samples.push(performance.now() - startedAtMs);
  }
  return quantile(samples, 0.5);
}

function gateFunction(options: GateOptions): Call {
  const gate = createGate(options);
  const execute = (approved: unknown) => search(approved as z.infer<typeof schema>);
  return (toolCallId) => gate.run({ tool: "search", args, toolCallId, schema }, execute);
}

function langChain() {
  const bare = langChainTool(search, { ...described, schema });
  const call =
    (made: typeof bare): Call =>
    (id) =>
      made.invoke({ type: "tool_call", name: "search", args, id });
  return {
    bare: () => call(bare),
    gated: (options: GateOptions) => call(gateLangChainTools(bare, options)),
  };
}

function aiSdk() {
  const tools = {
    search: aiTool({ description: described.description, inputSchema: schema, execute: search }),
  };
  const call =
    ({ search: made }: typeof tools): Call =>
    async (toolCallId) =>
      made.execute?.(args, { toolCallId, messages: [], context: {} });
  return {
    bare: () => call(tools),
    gated: (options: GateOptions) => call(gateAiTools(tools, { ...options, runId: "bench" })),
  };
}

function openAiAgents() {
  const bare = openAiTool({ ...described, parameters: schema, execute: search });
  const input = JSON.stringify(args);
  const context = new RunContext();
  const call =
    (made: typeof bare): Call =>
    (callId) =>
      made.invoke(context, input, {
        toolCall: { type: "function_call", name: "search", callId, arguments: input },
      });
  return {
    bare: () => call(bare),
    gated: (options: GateOptions) =>
      call(gateOpenAiTools([bare], { ...options, runId: "bench", errorFunction: undefined })[0]),
  };
}
