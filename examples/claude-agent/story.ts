// The whole story, both ways.
//
//   npx holdpoint dev --json      in one terminal; it prints url, apiKey and operatorToken
//   export HOLDPOINT_URL=… HOLDPOINT_API_KEY=… HOLDPOINT_OPERATOR_TOKEN=…     in another
//   npm start                     you decide, in the browser
//   npm start -- --auto           decides by itself
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const port = Number(process.env.PORT ?? 4852);
const workFolder = await mkdtemp(join(tmpdir(), "claude-agent-"));

console.log("1. Claude waits in its process.");
const waiting = run("wait.ts");
await decide(await until(/^http/, waiting));
await untilItEnds(waiting);

console.log("2. The session is deferred, and its process ends.");
const endpoint = await operate<{ id: string; secret: string }>("POST", "/v1/webhook-endpoints", {
  url: `http://localhost:${port}`,
  event_types: ["request.approved", "request.rejected", "request.expired"],
});
const resuming = run("resume.ts", {
  PORT: String(port),
  HOLDPOINT_WEBHOOK_SECRET: endpoint.secret,
});
try {
  await until(/^ready$/, resuming);
  const parking = run("park.ts");
  const url = await until(/^http/, parking);
  await untilItEnds(parking);
  console.log("   process A has ended");
  await decide(url);
  await until(/^finished$/, resuming);
} finally {
  resuming.process.kill();
  await operate("DELETE", `/v1/webhook-endpoints/${endpoint.id}`);
  await rm(workFolder, { recursive: true, force: true, maxRetries: 5 });
}

/** With --auto, does what a person does in the browser: takes something off, and approves. */
async function decide(url: string): Promise<void> {
  if (!process.argv.includes("--auto")) return;
  await operate("POST", `/v1/requests/${url.split("/").at(-1)}/decision`, {
    decision: "approve",
    revision: 1,
    patched_payload: { to: "Ada", cents: 10_000 },
    reason: "The lamp was used.",
  });
  console.log("   a person lowers it to 10000 cents, and approves");
}

interface Running {
  readonly process: ChildProcess;
  readonly lines: AsyncIterator<string>;
}

function run(file: string, env: object = {}): Running {
  const child = spawn(process.execPath, [...process.execArgv, file], {
    cwd: import.meta.dirname,
    env: { ...process.env, WORK_FOLDER: workFolder, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { process: child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
}

/** Prints what a process says, until it says this. */
async function until(said: RegExp, { lines }: Running): Promise<string> {
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    console.log(`   ${line.value}`);
    if (said.test(line.value)) return line.value;
  }
  throw new Error(`Expected the process to say ${said}, got its end.`);
}

async function untilItEnds({ process: child, lines }: Running): Promise<void> {
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    console.log(`   ${line.value}`);
  }
  if (child.exitCode === null) await once(child, "exit");
  if (child.exitCode !== 0) throw new Error("Expected the process to end well, got its failure.");
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
