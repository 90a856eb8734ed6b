// The whole story: first an agent that waits in its process, then one whose process ends.
//
//   npx holdpoint dev --json      in one terminal; it prints url, apiKey and operatorToken
//   export HOLDPOINT_URL=… HOLDPOINT_API_KEY=… HOLDPOINT_OPERATOR_TOKEN=…     in another
//   npm start                     you decide, in the browser
//   npm start -- --auto           decides by itself
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const isAuto = process.argv.includes("--auto");
const port = Number(process.env.PORT ?? 4852);
const workFolder = await mkdtemp(join(tmpdir(), "langchain-"));
const now = Date.now();

const endpoint = await operate<{ id: string; secret: string }>("POST", "/v1/webhook-endpoints", {
  url: `http://localhost:${port}`,
  event_types: ["request.approved", "request.rejected"],
});
const environment = {
  PORT: String(port),
  WORK_FOLDER: workFolder,
  HOLDPOINT_WEBHOOK_SECRET: endpoint.secret,
};
const children: ChildProcess[] = [];
try {
  await waitInOneProcess(`A-${now}`);
  await resumeInAnother(`A-${now + 1}`);
} finally {
  for (const child of children) child.kill();
  await operate("DELETE", `/v1/webhook-endpoints/${endpoint.id}`);
}
console.log(`\nPayments are in ${workFolder}/payments.`);

async function waitInOneProcess(orderId: string): Promise<void> {
  console.log("1. The agent wants to refund 125.00, and its process waits. Decide here:\n");
  const lines = run("wait.ts", orderId);
  const url = await nextLine(lines);
  console.log(`    ${url}\n`);
  if (isAuto) await decide(url, { decision: "reject", reason: "Ask for a photo first." });
  for await (const line of lines) console.log(`    ${line}`);
}

async function resumeInAnother(orderId: string): Promise<void> {
  console.log("\n2. The same again, but the graph is interrupted and the process ends:\n");
  const a = run("ask.ts", orderId);
  const url = await nextLine(a);
  for await (const line of a) console.log(`    ${line}`);
  console.log(`    ${url}\n`);

  const b = run("resume.ts");
  await nextLine(b);
  console.log("Another process waits for the webhook.");
  if (isAuto) {
    const patched_payload = { orderId, amountMinor: 10_000 };
    await decide(url, { decision: "approve", patched_payload, reason: "The lamp was used." });
  }
  console.log(`It has resumed the graph:\n\n    ${await nextLine(b)}`);
}

/** What a person does in the browser. */
async function decide(url: string, decision: object): Promise<void> {
  const id = /req_[a-z0-9]+/.exec(url)?.[0];
  await operate("POST", `/v1/requests/${id}/decision`, { revision: 1, ...decision });
}

function run(file: string, ...args: readonly string[]): AsyncIterableIterator<string> {
  const child = spawn(process.execPath, [...process.execArgv, file, ...args], {
    cwd: import.meta.dirname,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  return lines[Symbol.asyncIterator]();
}

async function nextLine(lines: AsyncIterableIterator<string>): Promise<string> {
  const { value, done } = await lines.next();
  if (done) throw new Error("Expected another line, got the end of the process.");
  return value;
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
