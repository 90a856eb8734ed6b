// The whole story: an agent works until its baseline locks, an operator enforces it, and the agent
// tries what it has never done.
//
//   npx holdpoint dev --json      in one terminal; it prints url, apiKey and operatorToken
//   export HOLDPOINT_URL=… HOLDPOINT_API_KEY=… HOLDPOINT_OPERATOR_TOKEN=…     in another
//   npm start                     you decide, in the browser
//   npm start -- --auto           decides by itself
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

/** Nobody has to approve changes: that is what makes the jump possible. */
const POLICY = `
@id("changes")
permit (principal, action == Action::"ask", resource == Intent::"deploy/apply_terraform");
`;

interface Profile {
  readonly mode: string;
  readonly baseline: {
    readonly runs: number;
    readonly runs_needed: number;
    readonly is_flat: boolean;
  };
  readonly entropy: readonly { readonly runs: number; readonly bits: number }[];
  readonly locked_at_runs?: number;
}

const automatic = process.argv.includes("--auto");
await operate("PUT", "/v1/policies", { text: POLICY, base_revision: await revisionInForce() });

const agent = spawn(process.execPath, [...process.execArgv, "agent.ts"], {
  cwd: import.meta.dirname,
  env: process.env,
  stdio: ["pipe", "pipe", "inherit"],
});
const ended = once(agent, "exit");
const lines = createInterface({ input: agent.stdout })[Symbol.asyncIterator]();
await lines.next(); // "ready"

const locked = await workUntilLocked();
console.log(`locked after ${locked.locked_at_runs} runs: what departs from here on is told`);
await operate("PUT", "/v1/shield/deploy/mode", { mode: "enforce" });
console.log("an operator enforces it: what departs is held");
console.log(`the graph: ${process.env.HOLDPOINT_URL}/shield/deploy`);

if ((await order("work")) > 0) throw new Error("Expected the routine to be let through.");
console.log("another 20 runs of the routine, changes included: nothing was held");

console.log("the agent reads the logs, and applies terraform at once");
if ((await order("jump")) === 0) throw new Error("Expected the jump to be held.");

agent.stdin.end();
const [exitCode] = await ended;
if (exitCode !== 0) throw new Error(`Expected the agent to end well, got ${exitCode}.`);

/** Has the agent work, and tells how far the baseline is, until the control plane locks it. */
async function workUntilLocked(): Promise<Profile> {
  for (;;) {
    const profile = await readProfile();
    if (profile?.mode === "locked") return profile;
    if (profile?.baseline.is_flat) {
      // It is looked at every few seconds.
      await pause(250);
      continue;
    }
    await order("work");
    const learning = await readProfile();
    if (learning?.mode === "shadow") console.log(describe(learning));
  }
}

/** Its surprise as of the last runs: single ones differ by what they were about. */
function describe({ baseline, entropy }: Profile): string {
  const last = entropy.slice(-8);
  const bits = last.reduce((sum, point) => sum + point.bits, 0) / Math.max(last.length, 1);
  const { runs, runs_needed: needed } = baseline;
  return `learning: ${runs} runs, ${needed} needed at least; ${bits.toFixed(2)} bits a step`;
}

/** Tells the agent what to do, and what it says of it; how often a person had to decide. */
async function order(word: "work" | "jump"): Promise<number> {
  let held = 0;
  agent.stdin.write(`${word}\n`);
  for (;;) {
    const { value: line, done } = await lines.next();
    if (done) throw new Error("The agent ended before it was done.");
    if (line === "done") return held;
    console.log(line);
    const [, id] = /\/requests\/(req_\w+)$/.exec(line) ?? [];
    if (id === undefined) continue;
    held += 1;
    await consider(id);
  }
}

/** What a person reads, and with `--auto` does. */
async function consider(id: string): Promise<void> {
  const { revision, shield } = await operate<{
    readonly revision: number;
    readonly shield?: { readonly explanation: string };
  }>("GET", `/v1/requests/${id}`);
  console.log(`held by the shield: ${shield?.explanation}`);
  if (!automatic) return;
  await operate("POST", `/v1/requests/${id}/decision`, {
    decision: "reject",
    revision,
    reason: "Plan it first.",
  });
}

async function readProfile(): Promise<Profile | undefined> {
  const { data } = await operate<{ data: readonly { service: string }[] }>("GET", "/v1/shield");
  const isKnown = data.some(({ service }) => service === "deploy");
  return isKnown ? await operate<Profile>("GET", "/v1/shield/deploy") : undefined;
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
