import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const run = promisify(execFile);
const home = fileURLToPath(new URL("..", import.meta.url));
const GUIDE = `${home}../../docs/get-started/ai-sdk.md`;
// Inside the package, so that the examples resolve it by its own name.
await mkdir(`${home}.results`, { recursive: true });
const folder = await mkdtemp(`${home}.results/readme-`);
afterAll(() => rm(folder, { recursive: true }));

/** Each starts a process that compiles and starts a control plane, on a busy machine. */
const SLOW = { timeout: 120_000 };

const readme = await blocksOf(`${home}README.md`);

test("the README has its examples", () => {
  expect(readme.map((code) => code.split("\n", 1)[0])).toEqual([
    'import { gateTools } from "@holdpoint/ai-sdk";',
    "gateTools(",
    'import { holdpoint } from "@holdpoint/ai-sdk";',
    "// agent.ts",
    "// start.ts",
    "// route.ts",
  ]);
});

test("a gated tool runs once it is approved", SLOW, async () => {
  expect(await play("gate.mts", readme[0])).toBe("It is done.\n");
});

test("a policy goes with it", SLOW, async () => {
  const lookUp = `const lookUp = tool({ inputSchema: z.object({}), execute: async () => "" });`;
  const output = await play("policy.mts", `${readme[0]}\n${lookUp}\n${readme[1]}`);
  expect(output).toBe("It is done.\n");
});

test("the model asks by itself", SLOW, async () => {
  expect(await play("ask.mts", readme[2], { TOOL: "askHuman" })).toBe("It is done.\n");
});

test("a run is parked, and a handler waits for its webhook", SLOW, async () => {
  for (const code of readme.slice(3))
    await write(`${/^\/\/ (\w+)\.ts$/m.exec(code)?.[1]}.mts`, code);
  const whole = `await import("./start.mjs");
const { POST } = await import("./route.mjs");
const forged = new Request("http://localhost/", { method: "POST", body: "{}" });
console.log((await POST(forged)).status);`;
  const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
  const environment = { DECISIONS: "none", HOLDPOINT_WEBHOOK_SECRET: secret };
  const lines = (await play("durable.mts", whole, environment)).trim().split("\n");
  expect(lines).toEqual([expect.stringMatching(/\/requests\/req_\w+$/), "401"]);
});

test("the page on getting started prints what it says", SLOW, async () => {
  const [program] = await blocksOf(GUIDE);
  const output = await play("start-here.mjs", program);
  const page = await readFile(GUIDE, "utf8");
  const said = /What you see[\s\S]*?```text\n([\s\S]*?)```/.exec(page)?.[1] as string;
  const masked = (text: string) => text.replace(/http:\S+/g, "URL").trim();
  expect(masked(output)).toBe(masked(said));
});

async function blocksOf(path: string): Promise<readonly string[]> {
  const text = await readFile(path, "utf8");
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code as string);
}

/** As it is printed, but for the ending by which tsx knows a module. */
async function write(name: string, code: string): Promise<string> {
  const file = `${folder}/${name}`;
  await writeFile(file, code.replaceAll("./agent.js", "./agent.mjs"));
  return file;
}

async function play(name: string, code = "", environment: Record<string, string> = {}) {
  const file = await write(name, code);
  const conditions = ["--conditions=@holdpoint/source", "--import=tsx"];
  const { stdout } = await run(
    process.execPath,
    [...conditions, `--import=${home}src/testing/offline.ts`, file],
    { cwd: home, env: { ...process.env, ...environment } },
  );
  return stdout;
}
