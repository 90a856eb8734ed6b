import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, describe, expect, test, vi } from "vitest";
import { connectClient, connectStdio } from "./testing/connect.js";
import { listenPlane } from "./testing/plane.js";
import { runProgram, startHttpProgram } from "./testing/program.js";

// Each test starts a process, which compiles the program first.
vi.setConfig({ testTimeout: 120_000 });

const home = fileURLToPath(new URL("..", import.meta.url));
const readme = await readFile(`${home}README.md`, "utf8");
const plane = await listenPlane();
// Inside the package, so that the example resolves it by its own name.
await mkdir(`${home}.results`, { recursive: true });
const folder = await mkdtemp(`${home}.results/readme-`);
afterAll(async () => {
  await rm(folder, { recursive: true });
  await plane.close();
});

const blocks = (language: string): string[] =>
  Array.from(
    readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm")),
    ([, code]) => String(code),
  );

interface Entry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const entries = blocks("json").map((text) => {
  const { mcpServers, servers } = JSON.parse(text) as Record<string, { holdpoint: Entry }>;
  return (mcpServers ?? servers)?.holdpoint as Entry;
});

/** What follows the package's name in a command line. */
const argsOf = (line: string): string[] => {
  const [, rest] = /@holdpoint\/mcp(.*)$/m.exec(line) ?? [];
  return String(rest).trim().split(" ").filter(Boolean);
};

describe("README", () => {
  test("the configurations of clients start the server, with settings that it reads", async () => {
    expect(entries).toHaveLength(2);
    for (const { command, args, env } of entries) {
      expect([command, ...args].join(" ")).toBe("npx -y @holdpoint/mcp");
      expect(Object.keys(plane.environment)).toEqual(expect.arrayContaining(Object.keys(env)));
    }
    await using connected = await connectStdio(plane.environment, {
      args: argsOf(String(entries[0]?.args.join(" "))),
    });
    expect((await connected.client.listTools()).tools).toHaveLength(7);
  });

  test("the command for Claude Code starts the same", () => {
    const [line] = blocks("sh").filter((code) => code.startsWith("claude mcp add"));
    const [own, started] = String(line).trim().split(" -- ");
    expect(started).toBe("npx -y @holdpoint/mcp");
    for (const name of Object.keys(plane.environment)) expect(own).toContain(`--env ${name}=`);
  });

  test("the commands for HTTP start it", async () => {
    const lines = blocks("sh").filter((code) => code.includes("--http"));
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      const environment = line.includes("HOLDPOINT_MCP_TOKEN")
        ? { ...plane.environment, HOLDPOINT_MCP_TOKEN: "a-token-of-enough-length" }
        : plane.environment;
      // The last port counts, and a free one disturbs nobody.
      const args = [...argsOf(line), "--port", "0"];
      await using running = await startHttpProgram(environment, args);
      expect(running.url).toMatch(/\/mcp$/);
    }
  });

  test("lists every tool, and every option of the program", async () => {
    await using connected = await connectStdio(plane.environment);
    const { tools } = await connected.client.listTools();
    for (const { name, inputSchema } of tools) {
      const row = new RegExp(`^\\| \`${name}\` .*$`, "m").exec(readme)?.[0];
      for (const argument of Object.keys(inputSchema.properties ?? {})) {
        expect(row).toContain(`\`${argument}\``);
      }
    }
    const { stdout } = await runProgram(["--help"]);
    const flags = stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm);
    for (const [, flag] of flags) {
      if (flag !== "--help" && flag !== "--version") expect(readme).toContain(`\`${flag}\``);
    }
  });

  test("the server of your own runs", async () => {
    const [code] = blocks("ts");
    const file = `${folder}/own.mts`;
    await writeFile(file, String(code));
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: ["--conditions=@holdpoint/source", "--import=tsx", file],
      env: { ...plane.environment },
      cwd: home,
    });
    await using connected = await connectClient(transport);
    const { tools } = await connected.client.listTools();
    expect(tools.map(({ name }) => name)).toContain("today");
    expect(tools).toHaveLength(8);
  });
});
