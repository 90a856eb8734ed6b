import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { Holdpoint } from "@holdpoint/sdk";
import { readResidentBytes } from "./lib/processes.js";
import { writeResult } from "./lib/report.js";
import { quantile, round } from "./lib/stats.js";

const RUNS = 7;
const manifest = createRequire(import.meta.url).resolve("holdpoint/package.json");
const bin = join(dirname(manifest), "dist/bin.js");

/** `holdpoint dev` in an empty folder, from the shell's Enter to the first accepted request. */
export async function measureStartup(): Promise<void> {
  const runs = [];
  for (let run = 0; run < RUNS; run++) runs.push(await startOnce());
  const milliseconds = runs.map(({ acceptedMs }) => acceptedMs);
  const mebibytes = runs.map(({ residentBytes }) => residentBytes / 2 ** 20);
  await writeResult({
    name: "startup",
    about: `\`holdpoint dev\` with a new data folder, ${RUNS} runs: from starting the process to the first request accepted, and its resident memory then.`,
    rows: [
      {
        figure: "to the first accepted request, median (worst)",
        value: `${round(quantile(milliseconds, 0.5))} ms (${round(Math.max(...milliseconds))} ms)`,
        aim: "≤ 1,500 ms",
      },
      {
        figure: "resident memory, median",
        value: `${round(quantile(mebibytes, 0.5))} MiB`,
        aim: "≤ 150 MB",
      },
    ],
  });
}

async function startOnce(): Promise<{ acceptedMs: number; residentBytes: number }> {
  const directory = await mkdtemp(join(tmpdir(), "holdpoint-bench-"));
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [bin, "dev", "--no-open", "--json", "--port", "0", "--data", directory],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const { url, apiKey } = JSON.parse(line) as { url: string; apiKey: string };
  const agent = new Holdpoint({ apiKey, baseUrl: url });
  await agent.defer({ service: "bench", action: "start", payload: {} });
  const acceptedMs = performance.now() - started;
  const residentBytes = await readResidentBytes(child.pid as number);
  child.kill("SIGTERM");
  await once(child, "exit");
  await rm(directory, { recursive: true });
  return { acceptedMs, residentBytes };
}
