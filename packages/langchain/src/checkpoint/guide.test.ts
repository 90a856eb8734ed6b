import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ENCRYPTION_KEY } from "./fixtures/plane.js";
import { servePlane } from "./fixtures/serve.js";

const run = promisify(execFile);
const home = fileURLToPath(new URL("../..", import.meta.url));
const guide = fileURLToPath(new URL("../../../../docs/guides/checkpoints.md", import.meta.url));

test("the guide's example does what it says", async () => {
  const examples = [...(await readFile(guide, "utf8")).matchAll(/^```ts\n([\s\S]*?)^```/gm)];
  expect(examples).toHaveLength(1);
  // Inside the package, so that the example resolves it by its own name.
  await mkdir(`${home}.results`, { recursive: true });
  const folder = await mkdtemp(`${home}.results/guide-`);
  const script = `${folder}/refund.mts`;
  await using plane = await servePlane();
  const env = {
    ...process.env,
    HOLDPOINT_API_KEY: plane.holdpoint.apiKey,
    HOLDPOINT_URL: plane.url,
    HOLDPOINT_ENCRYPTION_KEY: ENCRYPTION_KEY,
  };
  const start = async (...args: readonly string[]) => {
    const flags = ["--conditions=@holdpoint/source", "--import=tsx", script];
    return (await run(process.execPath, [...flags, ...args], { cwd: home, env })).stdout.trim();
  };
  try {
    await writeFile(script, examples[0]?.[1] ?? "");
    expect(await start()).toBe("waiting for an answer");
    expect(await start("yes")).toBe("refunded 500");
  } finally {
    await rm(folder, { recursive: true });
  }
  // Two processes start and compile LangGraph.
}, 120_000);
