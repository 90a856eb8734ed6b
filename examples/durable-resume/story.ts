// The whole story: process A asks and ends, a person edits and approves, a webhook wakes process B.
//
//   npx holdpoint dev --json      in one terminal; it prints url, apiKey and operatorToken
//   export HOLDPOINT_URL=… HOLDPOINT_API_KEY=… HOLDPOINT_OPERATOR_TOKEN=…     in another
//   npm start                     you decide, in the browser
//   npm start -- --auto           decides by itself
//   DIE_AT=claimed npm start      process B dies there once, and is started again
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const port = Number(process.env.PORT ?? 4850);
const workFolder = await mkdtemp(join(tmpdir(), "durable-resume-"));
const orderId = `A-${Date.now()}`;

const endpoint = await operate<{ id: string; secret: string }>("POST", "/v1/webhook-endpoints", {
  url: `http://localhost:${port}`,
  event_types: ["request.approved", "request.rejected"],
});
const environment = {
  PORT: String(port),
  WORK_FOLDER: workFolder,
  HOLDPOINT_WEBHOOK_SECRET: endpoint.secret,
};
let b: ChildProcess | undefined;
try {
  const a = run("ask.ts", [orderId]);
  const [id = "", url = ""] = await linesOf(a);
  console.log(`Process A has asked and ended. Decide here:\n\n    ${url}\n`);
  b = run("resume.ts", [], {
    ...environment,
    ...(process.env.DIE_AT && { DIE_AT: process.env.DIE_AT }),
  });
  if (process.argv.includes("--auto")) await editAndApprove(id);
  if (!(await hasFinished(b))) {
    console.log("Process B has died. It is started again; the webhook comes again by itself.");
    b = run("resume.ts", [], environment);
    await hasFinished(b);
  }
  console.log(`Process B has finished. What it did is in ${workFolder}.`);
} finally {
  b?.kill();
  await operate("DELETE", `/v1/webhook-endpoints/${endpoint.id}`);
}

/** What a person does in the browser: takes something off, and approves. */
async function editAndApprove(id: string): Promise<void> {
  await operate("POST", `/v1/requests/${id}/decision`, {
    decision: "approve",
    revision: 1,
    patched_payload: { orderId, amountMinor: 10_000 },
    reason: "The lamp was used.",
  });
}

async function hasFinished(child: ChildProcess): Promise<boolean> {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    console.log(`    ${line}`);
    if (line === "finished") return true;
  }
  return false;
}

async function linesOf(child: ChildProcess): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    lines.push(line);
  }
  if (child.exitCode === null) await once(child, "exit");
  if (child.exitCode !== 0) throw new Error(`Process A ended with ${child.exitCode}.`);
  return lines;
}

function run(file: string, args: readonly string[], env: object = {}): ChildProcess {
  const { DIE_AT: _, ...inherited } = process.env;
  return spawn(process.execPath, ["--import", "tsx", file, ...args], {
    cwd: import.meta.dirname,
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function operate<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const { HOLDPOINT_URL, HOLDPOINT_OPERATOR_TOKEN } = process.env;
  const response = await fetch(`${HOLDPOINT_URL}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${HOLDPOINT_OPERATOR_TOKEN}`,
      "content-type": "application/json",
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}
