import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const run = promisify(execFile);
const home = fileURLToPath(new URL("..", import.meta.url));
// Inside the package, so that the examples resolve it by its own name.
await mkdir(`${home}.results`, { recursive: true });
const folder = await mkdtemp(`${home}.results/readme-`);
afterAll(() => rm(folder, { recursive: true }));

/** Each starts a process that compiles and starts a control plane, on a busy machine. */
const SLOW = 120_000;

const readme = await blocksOf(`${home}README.md`);
const guide = await blocksOf(`${home}../../docs/get-started/openai-agents.md`);

test("the README has its examples", () => {
  expect(readme.map(({ code }) => code.split("\n", 1)[0])).toEqual([
    'import { gateTools } from "@holdpoint/openai-agents";',
    "gateTools([refund, lookUp], {",
    'import { createHoldpointTool } from "@holdpoint/openai-agents";',
    "// agent.ts",
    "// start.ts",
    "// route.ts",
  ]);
});

test("a gated tool runs once it is approved", { timeout: SLOW }, async () => {
  expect(await play("gate.mts", readme[0]?.code)).toBe("It is done.\n");
});

test("a policy goes with it", { timeout: SLOW }, async () => {
  const code = `${readme[0]?.code}\nconst lookUp = tool({ name: "look_up", description: "Looks up.", parameters: z.object({}), execute: async () => "" });\n${readme[1]?.code}`;
  expect(await play("policy.mts", code)).toBe("It is done.\n");
});

test("the model asks by itself", { timeout: SLOW }, async () => {
  const code = readme[2]?.code;
  expect(await play("ask.mts", code, { TOOL: "request_approval" })).toBe("It is done.\n");
});

test("a run is parked, and a handler waits for its webhook", { timeout: SLOW }, async () => {
  for (const { code } of readme.slice(3)) {
    const name = /^\/\/ (\w+)\.ts$/m.exec(code)?.[1] as string;
    await write(`${name}.mts`, code.replaceAll("./agent.js", "./agent.mjs"));
  }
  const whole = `await import("./start.mjs");
const { POST } = await import("./route.mjs");
const forged = new Request("http://localhost/", { method: "POST", body: "{}" });
console.log((await POST(forged)).status);`;
  const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
  const environment = { DECISIONS: "none", HOLDPOINT_WEBHOOK_SECRET: secret };
  const lines = (await play("durable.mts", whole, environment)).trim().split("\n");
  expect(lines).toEqual([expect.stringMatching(/\/requests\/req_\w+$/), "401"]);
});

test("the page on getting started prints what it says", { timeout: SLOW }, async () => {
  const [program] = guide;
  const output = await play("start.mts", program?.code);
  const said = /What you see[\s\S]*?```text\n([\s\S]*?)```/.exec(await readGuide())?.[1] as string;
  const masked = (text: string) => text.replace(/http:\S+/g, "URL").trim();
  expect(masked(output)).toBe(masked(said));
});

function readGuide(): Promise<string> {
  return readFile(`${home}../../docs/get-started/openai-agents.md`, "utf8");
}

async function blocksOf(path: string) {
  const text = await readFile(path, "utf8");
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => ({
    code: code as string,
  }));
}

async function write(name: string, code: string): Promise<string> {
  const file = `${folder}/${name}`;
  await writeFile(file, code);
  return file;
}

async function play(name: string, code = "", environment: Record<string, string> = {}) {
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
