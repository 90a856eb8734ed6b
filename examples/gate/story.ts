// The whole story: actions are registered, an agent is enrolled and works, a person decides, and
// somebody stops it.
//
//   npx holdpoint dev --json      in one terminal; it prints url, apiKey and operatorToken
//   export HOLDPOINT_URL=… HOLDPOINT_OPERATOR_TOKEN=…                        in another
//   npm start                     you decide, in the browser
//   npm start -- --auto           decides by itself
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { openDesk } from "./desk.js";
import { listActions, POLICY } from "./rules.js";

const token = randomBytes(24).toString("base64url");
const desk = await openDesk(token);
for (const manifest of listActions(desk.url)) {
  await operate("PUT", `/v1/actions/${manifest.id}`, manifest);
}
await operate("PUT", "/v1/secrets/DESK_TOKEN", { value: token });
await operate("PUT", "/v1/policies", { text: POLICY, base_revision: await revisionInForce() });
const { code } = await operate<{ code: string }>("POST", "/v1/enrolments", { agent: "desk-bot" });

const agent = spawn(process.execPath, [...process.execArgv, "agent.ts"], {
  cwd: import.meta.dirname,
  env: { ...process.env, HOLDPOINT_API_KEY: "", ENROLMENT_CODE: code },
  stdio: ["pipe", "pipe", "inherit"],
});
const ended = once(agent, "exit");
for await (const line of createInterface({ input: agent.stdout })) {
  if (line === "ready") {
    await operate("PUT", "/v1/authority", { frozen: true, reason: "Enough for today." });
    console.log("a person freezes all authority");
    agent.stdin.end("\n");
    continue;
  }
  console.log(line);
  const [, id] = /\/requests\/(req_\w+)$/.exec(line) ?? [];
  if (id !== undefined && process.argv.includes("--auto")) await calmDownAndApprove(id);
}
const [exitCode] = await ended;
console.log(`the desk has: ${desk.tickets.map(({ title }) => title).join("; ")}`);
await operate("PUT", "/v1/authority", { frozen: false });
desk.close();
if (exitCode !== 0) throw new Error(`Expected the agent to end well, got ${exitCode}.`);

/** What a person does in the form: edits the title, and approves. */
async function calmDownAndApprove(id: string): Promise<void> {
  const { payload, revision } = await operate<{ payload: object; revision: number }>(
    "GET",
    `/v1/requests/${id}`,
  );
  await operate("POST", `/v1/requests/${id}/decision`, {
    decision: "approve",
    revision,
    patched_payload: { ...payload, title: "Nothing works on the second floor" },
    reason: "No shouting.",
  });
  console.log("a person rewrites the title, and approves");
}

async function revisionInForce(): Promise<number> {
  const { data } = await operate<{ data: { revision: number }[] }>("GET", "/v1/policies?limit=1");
  return data[0]?.revision ?? 0;
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
  return (await response.json()) as Answer;
}
