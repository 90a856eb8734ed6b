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
const SLOW = { timeout: 120_000 };

const readme = await readFile(`${home}README.md`, "utf8");
const [gate = "", ask = "", again = ""] = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)]
  .map(([, code]) => code as string)
  .filter((code) => code.includes("import "));

async function play(code: string, environment: Record<string, string> = {}): Promise<string> {
  const file = `${folder}/${code.length}.mts`;
  await writeFile(file, code);
  const flags = ["--conditions=@holdpoint/source", "--import=tsx"];
  const { stdout } = await run(
    process.execPath,
    [...flags, "--import=./src/testing/offline.ts", file],
    { cwd: home, env: { ...process.env, ...environment } },
  );
  return stdout;
}

test("a gated tool runs once it is approved", SLOW, async () => {
  expect(await play(`${gate}\nprocess.exit(0);`)).toBe("Sent 500.\n");
});

test("the model asks by itself", SLOW, async () => {
  const text = await play(`${ask}\nprocess.exit(0);`);
  expect(text).toBe(
    'APPROVED: bank / transfer may run once, with exactly this payload:\n{"amount":500}\n',
  );
});

test("a crew is run again by a webhook that is signed", SLOW, async () => {
  const knock =
    'const forged = new Request("http://localhost/", { method: "POST", body: "{}" });\n' +
    "console.log((await POST(forged)).status);\nprocess.exit(0);";
  const transfer = gate.slice(gate.indexOf("const transfer"), gate.indexOf("const [gated]"));
  const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
  const code = `${again}\n${transfer}\n${knock}`;
  expect(await play(code, { HOLDPOINT_WEBHOOK_SECRET: secret })).toBe("401\n");
});
