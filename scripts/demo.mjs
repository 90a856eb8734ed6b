// The main job, live: an agent wants to drop a table, a person decides, the agent goes on.
//
//   npm run demo               you decide, in the browser
//   npm run demo -- --auto     decides three times by itself and checks what the agent saw
//   npm run demo -- --shield   an agent works until its baseline is known, then tries what it never did;
//                              with --auto too, somebody else decides
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build, install, root } from "./setup.mjs";

const SAFER_SQL = "ALTER TABLE users RENAME TO users_archived;";

/** The three answers: what decides them without a person, and what the agent must then have seen. */
const OUTCOMES = [
  {
    status: "APPROVED",
    title: "approved",
    decision: { decision: "approve" },
    seen: ["status   APPROVED", "runs     DROP TABLE users;  (on production)"],
  },
  {
    status: "APPROVED_WITH_MODIFICATIONS",
    title: "approved with modifications",
    decision: {
      decision: "approve",
      patched_payload: { sql: SAFER_SQL, database: "production" },
      reason: "Keep the rows for a month.",
    },
    seen: [
      "status   APPROVED_WITH_MODIFICATIONS",
      "reason   Keep the rows for a month.",
      `edited   Changed /sql from "DROP TABLE users;" to "${SAFER_SQL}".`,
      `runs     ${SAFER_SQL}  (on production)`,
    ],
  },
  {
    status: "REJECTED",
    title: "rejected",
    decision: { decision: "reject", reason: "Not on a Friday." },
    seen: ["status   REJECTED", "reason   Not on a Friday.", "runs     nothing"],
  },
];

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stopping.abort());

const automatic = process.argv.includes("--auto");
process.exitCode = await demo().catch((error) => {
  if (stopping.signal.aborted) return automatic ? 130 : 0;
  console.error(`\n${error.message}`);
  return 1;
});

async function demo() {
  await install();
  await build("holdpoint", "@holdpoint/sdk");
  const folder = await mkdtemp(join(tmpdir(), "holdpoint-demo-"));
  const server = start(
    [join(root, "packages/cli/dist/bin.js"), "dev", "--no-open", "--port", "0", "--json"],
    { argv: ["--data", folder] },
  );
  try {
    const place = JSON.parse(await server.firstLine);
    if (process.argv.includes("--shield")) return await watchRoutine(place);
    tell(`
An agent, db-agent, is about to run this on the production database:

    DROP TABLE users;

Its next line of code is \`await holdpoint.ask(…)\`. It waits; nothing runs until somebody decides.`);
    return await (automatic ? playAll(place) : letDecide(place));
  } finally {
    server.stop();
    await server.ended;
    await rm(folder, { recursive: true, force: true });
  }
}

/** Decides through the operator API, once in each way. */
async function playAll(place) {
  let failures = 0;
  for (const { title, decision, seen } of OUTCOMES) {
    const agent = startAgent(place);
    try {
      const request = await pendingRequest(place, agent);
      await call(place, `/v1/requests/${request.id}/decision`, {
        ...decision,
        revision: request.revision,
      });
      const lines = await agent.ended;
      tell(`\nA person decides: ${title}. The agent sees:\n`);
      tell(lines.map((line) => `    ${line}`).join("\n"));
      if (lines.join("\n") === seen.join("\n")) continue;
      failures += 1;
      tell(`\nExpected it to see:\n\n${seen.map((line) => `    ${line}`).join("\n")}`);
    } finally {
      agent.stop();
    }
  }
  tell(
    failures === 0
      ? "\nAll three answers reached the agent as they were given."
      : `\n${failures} of ${OUTCOMES.length} answers did not reach the agent as they were given.`,
  );
  return failures === 0 ? 0 : 1;
}

/** Asks again and again, until the person has seen all three answers or leaves. */
async function letDecide(place) {
  tell(`
You are that somebody. Decide here:

    ${place.dashboardUrl}

Approve it, reject it, or first change the SQL and then approve. Ctrl-C ends the demo.`);
  const unseen = new Map(OUTCOMES.map(({ status, title }) => [status, title]));
  while (unseen.size > 0) {
    const agent = startAgent(place);
    try {
      const lines = await agent.ended;
      stopping.signal.throwIfAborted();
      if (lines.length === 0) return 1; // It has said on standard error why it broke off.
      tell(`\nThe agent sees:\n\n${lines.map((line) => `    ${line}`).join("\n")}`);
      unseen.delete(lines[0]?.replace("status   ", ""));
    } finally {
      agent.stop();
    }
    if (unseen.size > 0) {
      const rest = new Intl.ListFormat("en").format(unseen.values());
      tell(`\nIt asks again, in the same inbox. You have not seen yet: ${rest}.`);
    }
  }
  tell(`
You have seen all three answers. The agent's code is examples/drop-table/agent.ts.
To use it in your own: docs/get-started.md`);
  return 0;
}

/** Plays examples/shield, which ends with 0 when the jump, and nothing but the jump, was held. */
async function watchRoutine({ url, apiKey, operatorToken, dashboardUrl }) {
  tell(`
An agent, deploy-bot, begins its day. The policy lets it do all it does; the shield learns what that is.
Watch the graph grow, under Shield:

    ${dashboardUrl}
`);
  const story = start(["--import", "tsx", "story.ts"], {
    argv: automatic ? ["--auto"] : [],
    cwd: join(root, "examples/shield"),
    env: {
      HOLDPOINT_URL: url,
      HOLDPOINT_API_KEY: apiKey,
      HOLDPOINT_OPERATOR_TOKEN: operatorToken,
    },
    onLine: (line) => tell(`    ${line}`),
  });
  try {
    await story.ended;
    stopping.signal.throwIfAborted();
    if (story.exitCode() !== 0) return 1; // It has said on standard error why it broke off.
  } finally {
    story.stop();
  }
  tell(`
The agent's code is examples/shield. What the shield can notice, and what not: docs/guides/shield.md`);
  return 0;
}

async function pendingRequest(place, agent) {
  const ended = agent.ended.then((lines) => {
    throw new Error(`The agent ended without an answer:\n${lines.join("\n")}`);
  });
  ended.catch(() => {});
  for (;;) {
    const { data } = await Promise.race([call(place, "/v1/requests?status=PENDING"), ended]);
    if (data[0]) return data[0];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Calls the control plane as the operator. */
async function call({ url, operatorToken }, path, body) {
  const response = await fetch(url + path, {
    method: body ? "POST" : "GET",
    headers: { authorization: `Bearer ${operatorToken}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
    signal: stopping.signal,
  });
  if (response.ok) return response.json();
  throw new Error(`${path} answered HTTP ${response.status}: ${await response.text()}`);
}

function startAgent({ url, apiKey }) {
  return start(["--import", "tsx", "agent.ts"], {
    cwd: join(root, "examples/drop-table"),
    env: { HOLDPOINT_URL: url, HOLDPOINT_API_KEY: apiKey },
  });
}

/** Runs Node; it ends with the demo at the latest. */
function start(program, { argv = [], cwd = root, env = {}, onLine = () => {} }) {
  stopping.signal.throwIfAborted();
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("HOLDPOINT_"));
  const child = spawn(process.execPath, [...program, ...argv], {
    cwd,
    env: { ...Object.fromEntries(own), ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = () => child.kill("SIGTERM");
  stopping.signal.addEventListener("abort", stop, { once: true });
  const lines = [];
  const firstLine = new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      onLine(line);
      resolve(line);
    });
    child.once("close", (code) => reject(new Error(`It ended with exit code ${code}.`)));
  });
  firstLine.catch(() => {});
  const ended = new Promise((resolve) => {
    child.once("close", () => {
      stopping.signal.removeEventListener("abort", stop);
      resolve(lines);
    });
  });
  return { firstLine, ended, stop, exitCode: () => child.exitCode };
}

function tell(text) {
  console.log(text);
}
