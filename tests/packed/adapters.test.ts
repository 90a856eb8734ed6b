import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { serveModel } from "../../packages/claude-agent/src/testing/model.js";
import { createFolder } from "../harness/folder.js";
import { installProject, packPackages } from "../harness/packed.js";
import { readPage } from "../harness/pages.js";
import { checkTypes, loadEntries, type PlayOptions, play, writeTypeScript } from "./project.js";
import {
  AI_SDK_MODEL,
  KAIBAN_TEAM,
  LANGCHAIN_MODEL,
  MCP_FILES,
  MCP_HOST,
  OPENAI_MODEL,
} from "./stand-ins.js";

// Each test installs a framework, and there may be two cores.
vi.setConfig({ maxConcurrency: 2, testTimeout: 900_000, hookTimeout: 600_000 });

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));
const CORE = ["protocol", "sdk"];
const ADAPTERS = ["claude-agent", "langchain", "ai-sdk", "openai-agents", "crewai", "mcp"] as const;
type Adapter = (typeof ADAPTERS)[number];

/** Their models, and what these read of a refund of 250 cents. */
const FRAMEWORKS = [
  ["langchain", LANGCHAIN_MODEL, "Refunded 250 cents of A-7."],
  ["ai-sdk", AI_SDK_MODEL, '{"refunded":250,"order":"A-7"}'],
  ["openai-agents", OPENAI_MODEL, "Refunded 250 cents of A-7."],
] as const;

const ONCE = { status: "COMMITTED", fencing_token: 1 };

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
    await expectEntries(project.path, "claude-agent");
    const [example] = (await readPage("packages/claude-agent/README.md")).blocks("ts");
    await writeTypeScript(project.path, "example.mjs", example);
    const input = { command: "echo hello" };
    await using model = await serveModel([{ id: "call_1", name: "Bash", input }]);
    const { output, execution } = await play(project.path, ["example.mjs"], {
      decision: { decision: "approve", patched_payload: { command: "echo edited" } },
      environment: { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "none" },
    });
    expect(output).toBe("success\n");
    expect(model.answers().call_1).toMatch(/^edited\b/);
    expect(execution).toMatchObject(ONCE);
    await expectPage(project.path, "claude-agent");
  });

  test.concurrent.each(FRAMEWORKS)("[S-PACKED] [S-GET-STARTED] %s", async (name, model, read) => {
    await using project = await install(name);
    await expectEntries(project.path, name);
    await writeFile(join(project.path, "model.mjs"), model);
    const [example] = (await readPage(`packages/${name}/README.md`)).blocks("ts");
    const offline = example?.replace('"openai:gpt-5.2"', "globalThis.model");
    await writeTypeScript(project.path, "example.mjs", offline);
    const args = ["--import=./model.mjs", "example.mjs"];
    const { output, execution } = await play(project.path, args, {
      decision: { decision: "approve", patched_payload: { order: "A-7", cents: 250 } },
    });
    expect(output.split("\n", 1)).toEqual([`I read: ${read}`]);
    expect(output).toContain("Changed /cents from 500 to 250.");
    expect(execution).toMatchObject(ONCE);
    await expectPage(project.path, name);
  });

  test.concurrent("[S-PACKED] crewai, with KaibanJS", async () => {
    await using project = await install("crewai", ["kaibanjs", "@langchain/core", "zod"]);
    await expectEntries(project.path, "crewai");
    const [example] = (await readPage("packages/crewai/README.md")).blocks("ts");
    await writeTypeScript(project.path, "example.mjs", example);
    const approved = { decision: { decision: "approve" } } as const;
    const first = await play(project.path, ["example.mjs"], approved);
    expect(first).toMatchObject({ output: "Sent 500.\n", execution: ONCE });

    await writeFile(join(project.path, "team.mjs"), KAIBAN_TEAM);
    const second = await play(project.path, ["team.mjs"], {
      decision: { decision: "approve", patched_payload: { amount: 50 } },
      environment: { KAIBAN_TELEMETRY_OPT_OUT: "1" },
    });
    expect(second).toMatchObject({ output: "Sending 50.\nFINISHED\n", execution: ONCE });
  });

  test.concurrent("[S-PACKED] mcp, and its gateway", async () => {
    await using project = await install("mcp");
    await expectEntries(project.path, "mcp");
    await writeFile(join(project.path, "host.mjs"), MCP_HOST);
    const call = (server: Command, tool: Tool, patched: object) =>
      play(project.path, ["host.mjs", JSON.stringify({ server, tool })], {
        decision: { decision: "approve", patched_payload: patched as never },
      });
    const page = await readPage("packages/mcp/README.md");
    const [configuration = ""] = page.blocks("json");
    const { command, args } = JSON.parse(configuration).mcpServers.holdpoint as Command;

    const payload = { cents: 500 };
    const question = { service: "billing", action: "refund", payload };
    const ask = { name: "ask_human", arguments: question };
    const asked = await call({ command, args }, ask, { cents: 250 });
    expect(asked.output).toMatch(
      /^ask_human check_request list_pending request_purchase .*\nAPPROVED WITH CHANGES: /,
    );
    expect(asked.output).toContain('{"cents":250}');

    const [own] = page.blocks("ts");
    await writeTypeScript(project.path, "own.mjs", own);
    const owned = await call({ command: process.execPath, args: ["own.mjs"] }, ask, { cents: 250 });
    expect(owned.output).toMatch(/^.* today\nAPPROVED WITH CHANGES: /);

    await writeFile(join(project.path, "files.mjs"), MCP_FILES);
    const gateway = JSON.parse(page.blocks("jsonc")[0] ?? "");
    Object.assign(gateway.servers.files, { command: process.execPath, args: ["files.mjs"] });
    await writeFile(join(project.path, "gateway.json"), JSON.stringify(gateway));
    const started = { command, args: [...args, "gateway", "--config", "gateway.json"] };
    const write = { name: "files__write_file", arguments: { path: "notes.txt" } };
    const held = await call(started, write, { path: "draft.txt" });
    expect(held.output).toMatch(
      /^files__read_text_file files__write_file holdpoint__check_request\nwrite_file draft.txt\n/,
    );
    expect(held.execution).toMatchObject(ONCE);
    const effects = await readFile(join(project.path, "effects.txt"), "utf8");
    expect(effects).toBe("write_file draft.txt\n");
  });

  /** What its README says to install, and `more`, in the versions it is tested with. */
  async function install(name: Adapter, more: readonly string[] = []) {
    const { dependencies, devDependencies } = await readManifest(name);
    const versions = { ...dependencies, ...devDependencies };
    const { installs } = await readPage(`packages/${name}/README.md`);
    const others = installs.filter((each) => !each.startsWith("@holdpoint/"));
    const project = await createFolder();
    await installProject(project.path, [
      ...tarballs.slice(0, CORE.length),
      tarballs[CORE.length + ADAPTERS.indexOf(name)] as string,
      ...[...others, ...more].map((each) => `${each}@${versions[each]}`),
    ]);
    return project;
  }
});

interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

interface Tool {
  readonly name: string;
  readonly arguments: object;
}

async function readManifest(name: Adapter) {
  const text = await readFile(join(packages, name, "package.json"), "utf8");
  return JSON.parse(text) as {
    readonly exports: Readonly<Record<string, unknown>>;
    readonly dependencies: Readonly<Record<string, string>>;
    readonly devDependencies: Readonly<Record<string, string>>;
  };
}

/** Every entry loads as ES module and as CommonJS, exports the same, and has its types. */
async function expectEntries(folder: string, name: Adapter): Promise<void> {
  const { exports } = await readManifest(name);
  const paths = Object.keys(exports).filter((path) => path !== "./package.json");
  const entries = paths.map((path) => `@holdpoint/${name}${path.slice(1)}`);
  for (const [module, common] of await loadEntries(folder, entries)) {
    expect(module).not.toEqual([]);
    expect(common).toEqual(module);
  }
  const [example] = (await readPage(`packages/${name}/README.md`)).blocks("ts");
  await checkTypes(folder, example);
}

/** The page on getting started installs what the README does, and prints what it says. */
async function expectPage(folder: string, name: Adapter): Promise<void> {
  const page = await readPage(`docs/get-started/${name}.md`);
  expect(page.installs).toEqual((await readPage(`packages/${name}/README.md`)).installs);
  for (const code of page.blocks("ts")) {
    const [, file = ""] = /^\/\/ (\S+\.mjs)\n/.exec(code) ?? [];
    await writeFile(join(folder, file), code);
  }
  const [, program = ""] = /^node (\S+)$/m.exec(page.text) ?? [];
  const options: PlayOptions = { decision: { decision: "approve" }, decideWhen: "linked" };
  const { output, execution } = await play(folder, [program], options);
  const [said = ""] = page.blocks("text");
  const masked = (text: string) => text.replace(/http:\S+/g, "URL");
  expect(masked(output)).toBe(masked(said));
  expect(execution).toMatchObject(ONCE);
}
