import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { WireExecution, WireList, WireRequest } from "@holdpoint/protocol";
import { transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { serveModel } from "../../packages/claude-agent/src/testing/model.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { createFolder } from "../harness/folder.js";
import { startOperator } from "../harness/operator.js";
import { installProject, packPackages } from "../harness/packed.js";
import {
  AI_SDK_MODEL,
  KAIBAN_TEAM,
  LANGCHAIN_MODEL,
  MCP_FILES,
  MCP_HOST,
  OPENAI_MODEL,
} from "./stand-ins.js";

// Two cores, and each test installs a framework.
vi.setConfig({ maxConcurrency: 2, testTimeout: 900_000, hookTimeout: 600_000 });

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const CORE = ["protocol", "sdk"];
const ADAPTERS = ["claude-agent", "langchain", "ai-sdk", "openai-agents", "crewai", "mcp"] as const;
type Adapter = (typeof ADAPTERS)[number];

/** With a model of each framework's own that calls `refund` for 500 cents. */
const FRAMEWORKS = [
  { name: "langchain", model: LANGCHAIN_MODEL },
  { name: "ai-sdk", model: AI_SDK_MODEL },
  { name: "openai-agents", model: OPENAI_MODEL },
] as const;

const APPROVE = { decision: "approve" } as const;
type Decision = Parameters<ServedControlPlane["decide"]>[1];

/** As users get them: packed by pnpm, installed by npm beside the framework, outside this repository. */
describe("the packed adapters", () => {
  let packed: Awaited<ReturnType<typeof createFolder>>;
  let tarballs: readonly string[];
  beforeAll(async () => {
    packed = await createFolder();
    tarballs = await packPackages([...CORE, ...ADAPTERS], packed.path);
  });
  afterAll(() => packed[Symbol.asyncDispose]());

  test.concurrent("[S-PACKED] [S-GET-STARTED] claude-agent", async () => {
    await using project = await install("claude-agent");
    await expectBothFormats(project.path, "claude-agent");
    const [example] = await readBlocks(`packages/claude-agent/README.md`, "ts");
    await writeProgram(project.path, "example.mjs", example);
    const input = { command: "echo hello" };
    await using model = await serveModel([{ id: "call_1", name: "Bash", input }]);
    const edit = { ...APPROVE, patched_payload: { command: "echo edited" } };
    const played = await play(project.path, ["example.mjs"], edit, {
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: "none",
    });
    expect(played.output).toBe("success\n");
    expect(model.answers().call_1).toMatch(/^edited/);
    await expectPage(project.path, "claude-agent");
  });

  test.concurrent.each(FRAMEWORKS)("[S-PACKED] [S-GET-STARTED] $name", async ({ name, model }) => {
    await using project = await install(name);
    await expectBothFormats(project.path, name);
    await writeFile(join(project.path, "model.mjs"), model);
    const [example = ""] = await readBlocks(`packages/${name}/README.md`, "ts");
    const offline = example.replace('"openai:gpt-5.2"', "globalThis.model");
    await writeProgram(project.path, "example.mjs", offline);
    const edit = { ...APPROVE, patched_payload: { order: "A-7", cents: 250 } };
    const { output } = await play(project.path, ["--import=./model.mjs", "example.mjs"], edit);
    expect(output).toMatch(/^I read: .*(Refunded 250 cents of A-7|"refunded":250)/);
    expect(output).toContain("Changed /cents from 500 to 250.");
    await expectPage(project.path, name);
  });

  test.concurrent("[S-PACKED] crewai", async () => {
    const { devDependencies } = await readPackage("crewai");
    const beside = ["kaibanjs", "@langchain/core", "zod"];
    await using project = await install(
      "crewai",
      beside.map((name) => `${name}@${devDependencies[name]}`),
    );
    await expectBothFormats(project.path, "crewai");
    const [example] = await readBlocks("packages/crewai/README.md", "ts");
    await writeProgram(project.path, "example.mjs", example);
    expect((await play(project.path, ["example.mjs"], APPROVE)).output).toBe("Sent 500.\n");
    await writeProgram(project.path, "team.mjs", KAIBAN_TEAM);
    const edit = { ...APPROVE, patched_payload: { amount: 50 } };
    const environment = { KAIBAN_TELEMETRY_OPT_OUT: "1" };
    const { output } = await play(project.path, ["team.mjs"], edit, environment);
    expect(output).toBe("Sending 50.\nFINISHED\n");
  });

  test.concurrent("[S-PACKED] mcp, and its gateway", async () => {
    await using project = await install("mcp");
    await expectBothFormats(project.path, "mcp");
    await writeProgram(project.path, "host.mjs", MCP_HOST);

    const [entry = ""] = await readBlocks("packages/mcp/README.md", "json");
    const { command, args } = JSON.parse(entry).mcpServers.holdpoint;
    const question = { service: "billing", action: "refund", payload: { cents: 500 } };
    const asked = await playHost(project.path, { command, args }, "ask_human", question, {
      ...APPROVE,
      patched_payload: { cents: 250 },
    });
    expect(asked.output).toMatch(/^ask_human check_request list_pending\nAPPROVED WITH CHANGES:/);
    expect(asked.output).toContain('{"cents":250}');
    expect(asked.request.execution.status).toBe("NONE");

    const [example] = await readBlocks("packages/mcp/README.md", "ts");
    await writeProgram(project.path, "own.mjs", example);
    const own = { command: process.execPath, args: ["own.mjs"] };
    const second = await playHost(project.path, own, "ask_human", question, APPROVE);
    expect(second.output).toMatch(/^ask_human check_request list_pending today\nAPPROVED:/);

    await writeProgram(project.path, "files.mjs", MCP_FILES);
    const [config = ""] = await readBlocks("packages/mcp/README.md", "jsonc");
    const gateway = JSON.parse(config);
    Object.assign(gateway.servers.files, { command: process.execPath, args: ["files.mjs"] });
    await writeFile(join(project.path, "gateway.json"), JSON.stringify(gateway));
    const started = { command, args: [...args, "gateway", "--config", "gateway.json"] };
    const write = ["files__write_file", { path: "notes.txt" }] as const;
    const held = await playHost(project.path, started, ...write, {
      ...APPROVE,
      patched_payload: { path: "draft.txt" },
    });
    expect(held.output).toMatch(
      /^files__read_text_file files__write_file holdpoint__check_request\nwrite_file of draft.txt\n/,
    );
    expect(held.execution).toMatchObject({ status: "COMMITTED", fencing_token: 1 });
    expect(await readFile(join(project.path, "effects.txt"), "utf8")).toBe(
      "write_file draft.txt\n",
    );
  });

  /** What the README says to install: ours from the tarballs, the others in the version it is tested with. */
  async function install(name: Adapter, more: readonly string[] = []) {
    const { devDependencies } = await readPackage(name);
    const said = await readInstalled(`packages/${name}/README.md`);
    const project = await createFolder();
    await installProject(project.path, [
      ...tarballs.slice(0, CORE.length),
      tarballs[CORE.length + ADAPTERS.indexOf(name)] as string,
      ...said.map((each) => `${each}@${devDependencies[each]}`),
      ...more,
    ]);
    return project;
  }
});

async function readPackage(name: Adapter) {
  const text = await readFile(join(root, "packages", name, "package.json"), "utf8");
  return JSON.parse(text) as {
    readonly exports: Readonly<Record<string, unknown>>;
    readonly devDependencies: Readonly<Record<string, string>>;
  };
}

async function readBlocks(page: string, language: string): Promise<readonly string[]> {
  const text = await readFile(join(root, page), "utf8");
  const blocks = text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"));
  return [...blocks].map(([, code]) => code as string);
}

/** The packages of others that a page says to install. */
async function readInstalled(page: string): Promise<readonly string[]> {
  const line = /^npm install (.*)$/m.exec(await readFile(join(root, page), "utf8"))?.[1] ?? "";
  return line.split(" ").filter((name) => name !== "" && !name.startsWith("@holdpoint/"));
}

/** Every entry loads as ES module and as CommonJS, with the same names. */
async function expectBothFormats(folder: string, name: Adapter): Promise<void> {
  const { exports } = await readPackage(name);
  const entries = Object.keys(exports).filter((path) => path !== "./package.json");
  const names = entries.map((path) => `@holdpoint/${name}${path.slice(1)}`);
  const code = `
    import { createRequire } from "node:module";
    const require = createRequire(import.meta.url);
    for (const name of ${JSON.stringify(names)}) {
      const [module, common] = [await import(name), require(name)];
      console.log(JSON.stringify([Object.keys(module).sort(), Object.keys(common).sort()]));
    }`;
  await writeFile(join(folder, "load.mjs"), code);
  const { stdout } = await run(process.execPath, ["load.mjs"], { cwd: folder });
  const lines = stdout.trim().split("\n");
  expect(lines).toHaveLength(names.length);
  for (const line of lines) {
    const [module, common] = JSON.parse(line);
    expect(module).not.toEqual([]);
    expect(common).toEqual(module);
  }
}

/** Writes a program as it is printed, without its types. */
async function writeProgram(folder: string, file: string, code = ""): Promise<void> {
  const tsconfigRaw = { compilerOptions: { verbatimModuleSyntax: true } };
  const { code: plain } = await transform(code, { loader: "ts", tsconfigRaw });
  await writeFile(join(folder, file), plain);
}

interface Played {
  readonly output: string;
  /** The one request that came of it. */
  readonly request: WireRequest;
  readonly execution: WireExecution | undefined;
}

/** Runs a program in the project while an operator decides what it asks, over HTTP. */
async function play(
  folder: string,
  args: readonly string[],
  decision: Decision,
  environment: Readonly<Record<string, string>> = {},
): Promise<Played> {
  await using holdpoint = await serveControlPlane({ allowLoopbackWebhooks: true });
  await using _operator = await startOperator(holdpoint, decision);
  const { PATH = "" } = process.env;
  const { stdout } = await run(process.execPath, args, {
    cwd: folder,
    env: {
      PATH,
      HOME: folder,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      HOLDPOINT_URL: holdpoint.url,
      HOLDPOINT_API_KEY: holdpoint.apiKey,
      ...environment,
    },
  });
  const read = async (path: string) => (await holdpoint.operate(path)).json();
  const { items } = (await read("/v1/requests")) as WireList<WireRequest>;
  expect(items).toHaveLength(1);
  const request = items[0] as WireRequest;
  const { id } = request.execution;
  const execution = id && ((await read(`/v1/executions/${id}`)) as WireExecution);
  return { output: stdout, request, execution: execution || undefined };
}
