import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { createDisk } from "./testing/disk.js";
import { type ModelCall, serveModel } from "./testing/model.js";
import { serveActions, servePlane } from "./testing/serve-plane.js";

/** Each starts the real `claude` and a program that is compiled first, on a busy machine. */
const SLOW = 120_000;

const home = fileURLToPath(new URL("..", import.meta.url));
// Inside the package, so that the examples resolve it by its own name.
await mkdir(`${home}.results`, { recursive: true });
const folder = await mkdtemp(`${home}.results/readme-`);
afterAll(() => rm(folder, { recursive: true }));

const readme = await readFile(`${home}README.md`, "utf8");
const guide = await readFile(`${home}../../docs/get-started/claude-agent.md`, "utf8");
const examples = [...readme.matchAll(/^## (.+)\n(?:(?!^## )[\s\S])*?^```ts\n([\s\S]*?)^```/gm)].map(
  ([, heading, code]) => ({ heading: heading as string, code: code as string }),
);

const ECHO: ModelCall = { id: "call_1", name: "Bash", input: { command: "echo hello" } };
const CALLS: Readonly<Record<string, ModelCall>> = {
  "Gate the tools Claude has": ECHO,
  "A tool that Claude calls itself": {
    id: "call_1",
    name: "mcp__holdpoint__request_approval",
    input: { action: "refund", payload: { order: "A-7" } },
  },
  Spend: {
    id: "call_1",
    name: "mcp__holdpoint__request_purchase",
    input: { amount: "12.50", currency: "EUR", category: "cloud" },
  },
  "Actions of the gate": {
    id: "call_1",
    name: "mcp__holdpoint__open-ticket",
    input: { title: "The printer is out of paper" },
  },
  "Without a process that waits": ECHO,
  "Permission prompts": {
    id: "call_1",
    name: "Bash",
    input: { command: "touch file", description: "Make a file" },
  },
};

describe("README", () => {
  test("has its examples", () => {
    expect(examples.map(({ heading }) => heading)).toEqual(Object.keys(CALLS));
  });

  test.each(examples)(
    "$heading: prints what its comment says, and somebody is asked",
    {
      timeout: SLOW,
    },
    async ({ heading, code }) => {
      const defers = code.includes("defer");
      // The script of the test's operator decides no purchases.
      const isOpen = defers || heading === "Spend";
      await using served =
        heading === "Actions of the gate"
          ? await serveActions()
          : await servePlane(defers ? {} : { decisions: "approve" });
      await using model = await serveModel([CALLS[heading] as ModelCall]);
      const file = await write(`${heading.replaceAll(" ", "-")}.mts`, code);
      const environment = { ...served.environment, ANTHROPIC_BASE_URL: model.url };
      const stdout = await run(file, environment);
      expect(stdout.trim()).toBe(/console\.log\(.*\); \/\/ (.*)$/m.exec(code)?.[1]);
      expect(await served.plane.pending()).toHaveLength(isOpen ? 1 : 0);
      if (!defers) expect(model.lastSent()).not.toMatch(/is_error":true|ERROR:/);
    },
  );
});

test("the page on getting started prints what it says", { timeout: SLOW }, async () => {
  const blocks = [...guide.matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```/gm)];
  expect(blocks.map(([, name]) => name)).toEqual(["model.mjs", "deploy.mjs"]);
  const files = await Promise.all(
    blocks.map(([, name, code]) => write(name as string, code as string)),
  );
  await using served = await servePlane();
  const { plane, environment } = served;
  const stdout = await run(files.at(-1) as string, environment, async () => {
    await plane.approve((await plane.waitForRequest()).id);
  });
  const said = /^```text\n([\s\S]*?)^```/m.exec(guide)?.[1] as string;
  const masked = (text: string) => text.replace(/http:\S+/g, "URL").trim();
  expect(masked(stdout)).toBe(masked(said));
});

async function write(name: string, code: string): Promise<string> {
  const file = `${folder}/${name}`;
  await writeFile(file, code);
  return file;
}

/** In a process of its own, with a home of its own. */
async function run(
  file: string,
  environment: Readonly<Record<string, string>>,
  onFirstOutput: () => void = () => {},
): Promise<string> {
  await using disk = await createDisk();
  const args = ["--conditions=@holdpoint/source", `--import=${import.meta.resolve("tsx")}`, file];
  const running = promisify(execFile)(process.execPath, args, {
    cwd: disk.home,
    env: {
      PATH: process.env.PATH,
      HOME: disk.home,
      CLAUDE_CONFIG_DIR: disk.home,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      ANTHROPIC_API_KEY: "sk-ant-none",
      HOLDPOINT_WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 7).toString("base64")}`,
      ...environment,
    },
  });
  running.child.stdout?.once("data", onFirstOutput);
  return (await running).stdout;
}
