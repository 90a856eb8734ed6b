// The whole story: first a call that waits in its process, then a chat whose process ends.
//
//   npx holdpoint dev --json      in one terminal; it prints url, apiKey and operatorToken
//   export HOLDPOINT_URL=… HOLDPOINT_API_KEY=… HOLDPOINT_OPERATOR_TOKEN=…     in another
//   npm start                     you decide, in the browser
//   npm start -- --auto           decides by itself
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const isAuto = process.argv.includes("--auto");
const port = Number(process.env.PORT ?? 4851);
const chatUrl = `http://127.0.0.1:${port}/api/chat`;
const workFolder = await mkdtemp(join(tmpdir(), "ai-sdk-"));
const now = Date.now();

const endpoint = await operate<{ id: string; secret: string }>("POST", "/v1/webhook-endpoints", {
  url: `http://localhost:${port}/api/holdpoint`,
  event_types: ["request.approved", "request.rejected"],
});
const environment = {
  PORT: String(port),
  WORK_FOLDER: workFolder,
  HOLDPOINT_WEBHOOK_SECRET: endpoint.secret,
};
const children: ChildProcess[] = [];
try {
  await waitInOneProcess();
  await goOnInAnother();
} finally {
  for (const child of children) child.kill();
  await operate("DELETE", `/v1/webhook-endpoints/${endpoint.id}`);
}

async function waitInOneProcess(): Promise<void> {
  console.log("1. The agent wants to refund 125.00, and its process waits. Decide here:\n");
  const lines = run("gate.ts", [`A-${now}`]);
  const url = await nextLine(lines);
  console.log(`    ${url}\n`);
  if (isAuto) await decide(url, { decision: "reject", reason: "Ask for a photo first." });
  for await (const line of lines) console.log(`    ${line}`);
}

async function goOnInAnother(): Promise<void> {
  const id = `chat-${now}`;
  const a = run("serve.ts");
  await nextLine(a);
  const url = await chat(id, `My lamp came broken. Please refund A-${now + 1}.`);
  console.log(
    `\n2. The same in a chat. The stream has ended with where to decide:\n\n    ${url}\n`,
  );
  await stop(children.at(-1) as ChildProcess);
  console.log("Its process has ended. Another is started, for the webhook to wake.");

  const b = run("serve.ts");
  await nextLine(b);
  if (isAuto) {
    const patched_payload = { orderId: `A-${now + 1}`, amountMinor: 10_000 };
    await decide(url, { decision: "approve", patched_payload, reason: "The lamp was used." });
  }
  // "resumed: …", and the lines that the model was told.
  console.log(`    ${await nextLine(b)}`);
  const { messages } = (await (await fetch(`${chatUrl}?id=${id}`)).json()) as {
    messages: object[];
  };
  console.log(
    `\nThe chat has ${messages.length} messages. Payments are in ${workFolder}/payments.`,
  );
}

/** Says something in the chat, and reads its stream to the end. */
async function chat(id: string, text: string): Promise<string> {
  const response = await fetch(chatUrl, { method: "POST", body: JSON.stringify({ id, text }) });
  const stream = await response.text();
  const [, url] = /"data-approval","data":\{"url":"([^"]+)"/.exec(stream) ?? [];
  if (url === undefined) throw new Error(`Expected an approval in the stream, got ${stream}`);
  return url;
}

/** What a person does in the browser. */
async function decide(url: string, decision: object): Promise<void> {
  const id = /req_[a-z0-9]+/.exec(url)?.[0];
  await operate("POST", `/v1/requests/${id}/decision`, { revision: 1, ...decision });
}

function run(file: string, args: readonly string[] = []): AsyncIterableIterator<string> {
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

async function stop(child: ChildProcess): Promise<void> {
  child.kill();
  await once(child, "exit");
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
