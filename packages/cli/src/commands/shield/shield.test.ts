import type { WireList } from "@holdpoint/protocol";
import type {
  WireShieldDetails,
  WireShieldProfile,
  WireShieldRun,
  WireShieldSettings,
  WireShieldStep,
} from "@holdpoint/protocol/shield";
import type { Holdpoint } from "@holdpoint/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { agentOf } from "../../fixtures/agent.js";
import { type Development, holdpoint, startOwnDev } from "../../fixtures/holdpoint.js";

let dev: Development;
let agent: Holdpoint;

beforeAll(async () => {
  dev = await startOwnDev();
  agent = agentOf(dev);
});

afterAll(() => dev[Symbol.asyncDispose]());

const run = (...argv: string[]) => holdpoint(["shield", ...argv], { cwd: dev.cwd });

async function runJson<Answer>(...argv: string[]): Promise<Answer> {
  const { exitCode, stdout, stderr } = await run(...argv, "--json");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as Answer;
}

const ruled = (rule: string) => ["--rule", rule];

const ROUTINE = ["read_logs", "summarise", "open_ticket"];
let runs = 0;

/** Tells of one run of the agent. */
function perform(actions: readonly string[], environment = "test"): void {
  const runId = `run-${++runs}`;
  for (const [index, action] of actions.entries()) {
    const endsRun = index === actions.length - 1;
    agent.observe({ service: "deploy", environment, action, runId, endsRun, payload: { n: 1 } });
  }
}

it("says so where there is nothing yet, and what to do", async () => {
  const empty = await run();
  expect(empty).toMatchObject({ exitCode: 0, stderr: "" });
  expect(empty.stdout).toContain("The shield follows nothing yet");
  expect(await runJson("ls")).toMatchObject({ data: [] });
  for (const argv of [
    ["show", "deploy"],
    ["runs", "deploy"],
    ["anomalies", "deploy"],
    ["mode", "deploy", "locked"],
    ["settings", "deploy"],
  ]) {
    const missing = await run(...argv);
    expect(missing).toMatchObject({ exitCode: 4, stdout: "" });
    expect(missing.stderr).toContain("Try: holdpoint shield ");
  }
  const review = await run("review", "obs_01h455vb4pex5vsknk084sn02q", "usual");
  expect(review).toMatchObject({ exitCode: 4, stdout: "" });
});

it.each([
  [["mode", "deploy", "on"], "Allowed choices are shadow, locked, enforce"],
  [["review", "obs_1", "maybe"], "Allowed choices are usual, unusual"],
  [["settings", "deploy", "--hold-one-in", "9"], "from 10 to 500"],
  [["settings", "deploy", "--pause-after", "21"], "from 2 to 20"],
  [["settings", "deploy", "--rule", "speed=1"], "velocity, loop, sensitive, run_cost"],
  [["settings", "deploy", "--rule", "toString=1"], "velocity, loop, sensitive, run_cost"],
  [["settings", "deploy", "--rule", "loop"], "velocity, loop, sensitive, run_cost"],
  [["settings", "deploy", "--rule", "loop=0"], "from 1 to 1000"],
  [["settings", "deploy", "--rule", "sensitive=names"], "card_number"],
  [["settings", "deploy", "--rule", "run_cost=100"], "100 EUR"],
])("refuses %j, and says what is right", async (argv, expected) => {
  const refused = await run(...argv);
  expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
  expect(refused.stderr).toContain(expected);
});

it("lists what it follows in aligned columns", async () => {
  perform(ROUTINE);
  perform(["read_logs"], "staging");
  await agent.flush();
  const { stdout } = await run();
  const [head = "", staging = "", test = ""] = stdout.split("\n");
  expect(head).toMatch(
    /^SERVICE +ENVIRONMENT +MODE +STEPS +RUNS +24 H +ANOMALIES +HELD +LAST STEP$/,
  );
  expect([staging, test].sort()[0]).toMatch(
    /^deploy +staging +shadow +1 +1 +1 +0 +0 +(now|\d+s ago)$/,
  );
  expect([staging, test].sort()[1]).toMatch(
    /^deploy +test +shadow +3 +1 +3 +0 +0 +(now|\d+s ago)$/,
  );
  expect(staging).toHaveLength(test.length);
  const list = await runJson<WireList<WireShieldProfile>>("--environment", "staging");
  expect(list.data).toMatchObject([{ service: "deploy", environment: "staging" }]);
  expect((await run("--environment", "none")).stdout).toBe(
    "Nothing is followed in this environment.\n",
  );
});

it("sets what it is measured by, and leaves what is not named", async () => {
  const place = ["settings", "deploy", "--environment", "test"];
  const first = await runJson<WireShieldSettings>(
    ...[...place, "--hold-one-in", "10", "--pause-after", "5"],
    ...["--rule", "velocity=600", "--rule", "run_cost=100 EUR", "--rule", "sensitive=iban,email"],
  );
  expect(first).toEqual({
    revision: 1,
    hold_one_in: 10,
    pause_after: 5,
    rules: {
      velocity: { max_per_minute: 600 },
      run_cost: { max_minor: 10_000, currency: "EUR" },
      sensitive: { kinds: ["iban", "email"] },
    },
  });
  const { stdout } = await run(...place, "--rule", "velocity=none", "--rule", "loop=5");
  expect(stdout).toMatch(/^revision +2$/m);
  expect(stdout).toMatch(/^anomaly +as surprising as one run in 10$/m);
  expect(stdout).toMatch(/^velocity +off$/m);
  expect(stdout).toMatch(/^loop +at most 5 times the same in a row$/m);
  expect(stdout).toMatch(/^sensitive +no iban, email$/m);
  expect(stdout).toMatch(/^run_cost +at most 100\.00 EUR a run$/m);
  expect((await run(...place)).stdout).toBe(stdout);
  expect((await run("settings", "deploy", "--environment", "staging")).stdout).toMatch(
    /^anomaly +as surprising as one run in 100$/m,
  );
});

it("sets over what others set at the same time, and loses nothing of it", async () => {
  const place = ["settings", "deploy", "--environment", "test"];
  const { revision, ...before } = await runJson<WireShieldSettings>(...place);
  const changes = [
    ["--pause-after", "6"],
    ...["velocity=90", "loop=7", "sensitive=none"].map(ruled),
  ];
  const answers = await Promise.all(changes.map((change) => run(...place, ...change)));
  expect(answers.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
    Array(changes.length).fill({ exitCode: 0, stderr: "" }),
  );
  const { sensitive: _, ...rules } = before.rules;
  expect(await runJson<WireShieldSettings>(...place)).toEqual({
    ...before,
    revision: revision + changes.length,
    pause_after: 6,
    rules: { ...rules, velocity: { max_per_minute: 90 }, loop: { max_repeats: 7 } },
  });
});

it("refuses to set over others than those that are named", async () => {
  const place = ["settings", "deploy", "--environment", "test"];
  const before = await runJson<WireShieldSettings>(...place);
  const late = await run(...place, "--rule", "loop=9", "--base", String(before.revision - 1));
  expect(late).toMatchObject({ exitCode: 5, stdout: "" });
  expect(late.stderr).toContain(`which is ${before.revision}`);
  expect(late.stderr).toContain("Try: holdpoint shield settings deploy --environment test");
  expect(await runJson<WireShieldSettings>(...place)).toEqual(before);
  const set = await run(...place, "--rule", "loop=9", "--base", String(before.revision));
  expect(set).toMatchObject({ exitCode: 0, stderr: "" });
  expect(set.stdout).toMatch(/^loop +at most 9 times/m);
});

it("is not enforced before it is locked, and says how far it is", async () => {
  const early = await run("mode", "deploy", "enforce", "--environment", "test");
  expect(early).toMatchObject({ exitCode: 5, stdout: "" });
  expect(early.stderr).toContain("Try: holdpoint shield show deploy --environment test");
  for (let index = 0; index < 24; index++) perform(ROUTINE);
  await agent.flush();
  const locked = await run("mode", "deploy", "locked", "--environment", "test");
  expect(locked).toMatchObject({ exitCode: 0, stderr: "" });
  expect(locked.stdout).toMatch(/^deploy {2}test {2}locked\nWhat is unlike/);
  const place = ["deploy", "enforce", "--environment", "test"];
  expect(await runJson("mode", ...place)).toMatchObject({ mode: "enforce" });
});

it("shows a service: its curve, its usual ways and what it would have held", async () => {
  const { stdout } = await run("show", "deploy", "--environment", "test");
  expect(stdout).toMatch(/^deploy {2}test {2}enforce\nshp_\w+\n/);
  expect(stdout).toMatch(/^ {2}changed +\S+ \S+Z \((now|\d+s ago)\), by operator /m);
  expect(stdout).toMatch(/^ {2}baseline +75 steps in 25 runs; 3 actions, \d+ transitions$/m);
  expect(stdout).toMatch(/^ {2}surprise +[▁-█]+ {2}\d\.\d\d bits a step now; locked at run 25$/m);
  expect(stdout).toMatch(/^ {2}last 7 days +\d+ anomal(y|ies) in 75 steps; enforcing would/m);
  expect(stdout).toMatch(/^ {2}FROM +TO +SEEN +NOW +PEOPLE SAID USUAL$/m);
  expect(stdout).toMatch(/^ {2}\(begins\) +read_logs +25 +\d+ %/m);
  expect(stdout).toMatch(/^ {2}open_ticket +\(ends\) +25 +\d+ %/m);
  expect(await runJson<WireShieldDetails>("show", "deploy", "--environment", "test")).toMatchObject(
    { mode: "enforce", locked_at_runs: 25, graph: { is_cut: false } },
  );
});

it("lists anomalies with why, and takes what people say of them", async () => {
  const place = ["deploy", "--environment", "test"];
  perform(["read_logs", "apply_terraform"]);
  await agent.flush();
  const { stdout } = await run("anomalies", ...place, "--open");
  const lines = stdout.split("\n");
  expect(lines[0]).toMatch(/^STEP +ACTION +FOR +EFFECT +REVIEW +RUN +WHEN$/);
  expect(lines[1]).toMatch(/^obs_\w+ +apply_terraform +path\S* .* run-\d+ +(now|\d+s ago)$/);
  expect(lines[2]).toMatch(/^ {2}apply_terraform has never been seen in 75 steps of deploy\./);
  const list = await runJson<WireList<WireShieldStep>>("anomalies", ...place);
  const [step] = list.data;
  expect(list.data).toHaveLength(1);

  const reviewed = await run("review", String(step?.id), "usual");
  expect(reviewed).toMatchObject({ exitCode: 0, stderr: "" });
  expect(reviewed.stdout).toBe(
    `✓ deploy / apply_terraform  ${step?.id} is usual: it counts from now on.\n`,
  );
  expect((await run("anomalies", ...place, "--open")).stdout).toBe(
    "No anomaly waits for a review.\n",
  );
  expect((await run("anomalies", ...place)).stdout).toMatch(/^obs_\w+ .* usual +run-/m);
  const again = await run("review", String(step?.id), "unusual", "--service", "deploy");
  expect(again).toMatchObject({ exitCode: 5, stdout: "" });
  const elsewhere = await run("review", String(step?.id), "usual", "--environment", "staging");
  expect(elsewhere).toMatchObject({ exitCode: 4, stdout: "" });
  expect((await run("anomalies", "deploy", "--environment", "staging")).stdout).toBe(
    "Nothing was unlike the baseline.\n",
  );
});

it("shows with a request why it is unlike the baseline", async () => {
  const asked = { service: "deploy", environment: "test", payload: { n: 1 } } as const;
  const { id } = await agent.defer({ ...asked, action: "drop_database", runId: "run-asks" });
  const { stdout } = await holdpoint(["requests", "show", id], { cwd: dev.cwd });
  expect(stdout).toMatch(
    /^ {2}shield +\w+ in enforce: drop_database has never been seen in \d+ steps of deploy\./m,
  );
  const place = ["deploy", "--environment", "test"];
  expect((await run("anomalies", ...place, "--limit", "1")).stdout).toContain(id);
});

it("lists runs, the latest first, and those with an anomaly by themselves", async () => {
  const place = ["deploy", "--environment", "test"];
  const { stdout } = await run("runs", ...place, "--limit", "3");
  const [head = "", asking = "", latest = "", before = ""] = stdout.split("\n");
  expect(head).toMatch(/^RUN +AGENT +STEPS +ANOMALIES +MOST BITS +STATE +BEGAN +LAST STEP$/);
  expect(asking).toMatch(/^run-asks +\S+ +1 +1 /);
  expect(latest).toMatch(/^run-\d+ +\S+ +2 +1 +\d+\.\d\d +unusual +\S.* +(now|\d+s ago)$/);
  expect(before).toMatch(/^run-\d+ +\S+ +3 +0 +\d+\.\d\d +usual +/);
  expect(stdout).toContain("There is more: raise --limit.");
  const anomalous = await runJson<WireList<WireShieldRun>>("runs", ...place, "--anomalous");
  expect(anomalous.data).toHaveLength(2);
  const [{ agent: named } = { agent: { name: "" } }] = anomalous.data;
  expect((await run("runs", ...place, "--agent", named.name)).stdout).toContain("run-");
  expect((await run("runs", ...place, "--agent", "nobody")).exitCode).toBe(4);
  const none = await run("runs", "deploy", "--environment", "staging", "--anomalous");
  expect(none.stdout).toBe("No run matches.\n");
});
