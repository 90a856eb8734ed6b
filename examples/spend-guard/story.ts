// The whole story: limits are set, the agent buys, a person decides what is left to a person.
//
//   npx holdpoint dev --json      in one terminal; it prints url, apiKey and operatorToken
//   export HOLDPOINT_URL=… HOLDPOINT_API_KEY=… HOLDPOINT_OPERATOR_TOKEN=…     in another
//   npm start                     you decide, in the browser
//   npm start -- --auto           decides by itself
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

await operate("POST", "/v1/spend-policies", {
  policy: {
    currency: "EUR",
    per_request_limit: "500.00",
    daily_limit: "1000.00",
    auto_approve: { enabled: true, max_amount: "50.00" },
  },
});
await operate("PUT", "/v1/budgets", {
  scope: "project",
  currency: "EUR",
  amount_minor: 100_000,
});

const agent = spawn(process.execPath, [...process.execArgv, "buy.ts"], {
  cwd: import.meta.dirname,
  env: process.env,
  stdio: ["ignore", "pipe", "inherit"],
});
const ended = once(agent, "exit");
for await (const line of createInterface({ input: agent.stdout })) {
  console.log(line);
  const [, id] = /\/requests\/(req_\w+)$/.exec(line) ?? [];
  if (id !== undefined && process.argv.includes("--auto")) await lowerAndApprove(id);
}
const [code] = await ended;
if (code !== 0) throw new Error(`Expected the agent to end well, got ${code}.`);

/** What a person does in the form: makes it less, and approves. */
async function lowerAndApprove(id: string): Promise<void> {
  const { payload, revision } = await operate<{ payload: object; revision: number }>(
    "GET",
    `/v1/requests/${id}`,
  );
  await operate("POST", `/v1/requests/${id}/decision`, {
    decision: "approve",
    revision,
    patched_payload: { ...payload, amount: "120.00" },
    reason: "The plain one will do.",
  });
  console.log("a person lowers it to 120.00, and approves");
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
