import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { WireRequest } from "@holdpoint/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentOf, dropTable } from "../../fixtures/agent.js";
import {
  type Development,
  type Ended,
  holdpoint,
  launch,
  lines,
  startOwnDev,
  temporaryFolder,
} from "../../fixtures/holdpoint.js";
import { testTerminal } from "../../fixtures/terminal.js";
import { main } from "../../program.js";

const KEY = "Q2xhcml0eSBiZWZvcmUgc3BlZWQsIGFsd2F5cyEhISE";
const OTHER_KEY = "QW5vdGhlciBrZXkgb2YgMzIgYnl0ZXMsIGp1c3QgaXQ";

let dev: Development;

beforeAll(async () => {
  dev = await startOwnDev();
});

afterAll(() => dev[Symbol.asyncDispose]());

function run(...argv: string[]): Promise<Ended> {
  return holdpoint(["requests", ...argv], { cwd: dev.cwd });
}

async function runJson<Answer>(...argv: string[]): Promise<Answer> {
  const { exitCode, stdout, stderr } = await run(...argv, "--json");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout.trimEnd()).not.toContain("\n");
  return JSON.parse(stdout) as Answer;
}

function ask(options: object = {}, encryptionKey?: string) {
  return agentOf(dev, encryptionKey).defer({ ...dropTable, ...options });
}

describe("ls", () => {
  it("lists what waits, most urgent first, and filters", async () => {
    const service = "listing";
    const low = await ask({ service, priority: "low" });
    const high = await ask({ service, priority: "high", action: "other" });
    const idsOf = async (...filters: string[]) => {
      const { data } = await runJson<{ data: WireRequest[] }>(
        "ls",
        "--service",
        service,
        ...filters,
      );
      return data.map(({ id }) => id);
    };
    expect(await idsOf()).toEqual([high.id, low.id]);
    expect(await idsOf("--priority", "low")).toEqual([low.id]);
    expect(await idsOf("--action", "other")).toEqual([high.id]);
    expect(await idsOf("--limit", "1")).toEqual([high.id]);
    expect(await idsOf("--search", low.id)).toEqual([low.id]);
    expect(await idsOf("--status", "approved")).toEqual([]);

    const { stdout } = await run("ls", "--service", service);
    expect(stdout.split("\n")[0]).toMatch(/^ID {2,}STATUS {2,}PRIORITY {2,}WHAT/);
    expect(stdout).toContain(`${low.id}  PENDING  low       listing / run_sql`);
  });

  it("says what to do when nothing waits", async () => {
    const { stdout } = await run("ls", "--service", "nobody");
    expect(stdout).toContain("holdpoint requests ls --status all");
  });

  it.each([
    ["--status", "open"],
    ["--priority", "urgent"],
    ["--limit", "101"],
  ])("refuses %s %s", async (...option) => {
    expect(await run("ls", ...option)).toMatchObject({ exitCode: 2, stdout: "" });
  });
});

describe("show", () => {
  it("prints payload, schema and history, and cannot be tricked by what an agent writes", async () => {
    const { id } = await ask({ payload: { ...dropTable.payload, sql: "\u001b[2J\u202e" } });
    const { stdout, exitCode } = await run("show", id);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"sql": "\\u001b[2J\\u202e"');
    expect(stdout).toContain('database  "staging" | "production"  required');
    expect(stdout).toMatch(/History\n {2}\S+ \S+Z {2}asked {6}agent dev-agent/);
    expect(stdout).toContain("which calls itself “db-agent”");
  });

  it("decrypts with the right key, and says why it cannot with none or another", async () => {
    const { id } = await ask({}, KEY);
    const show = (key?: string) =>
      holdpoint(["requests", "show", id], {
        cwd: dev.cwd,
        ...(key && { env: { HOLDPOINT_ENCRYPTION_KEY: key } }),
      });
    expect((await show(KEY)).stdout).toContain("DROP TABLE users;");
    expect((await show(`${OTHER_KEY},${KEY}`)).stdout).toContain("DROP TABLE users;");
    expect((await show()).stdout).toContain("encrypted; set HOLDPOINT_ENCRYPTION_KEY");
    expect((await show(OTHER_KEY)).stdout).toContain("encrypted with a key that");
    expect(await show("too-short")).toMatchObject({ exitCode: 2, stdout: "" });
  });

  it.each([
    ["req_01h455vb4pex5vsknk084sn02q", 4],
    ["nonsense", 2],
  ])("ends for %s with %i", async (id, exitCode) => {
    expect(await run("show", id)).toMatchObject({ exitCode, stdout: "" });
  });
});

describe("approve", () => {
  it("lets it run as it is", async () => {
    const { id } = await ask();
    const { exitCode, stdout } = await run("approve", id, "--yes");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("DROP TABLE users;");
    expect(stdout).toContain(`✓ Approved: ${id}`);
    expect(await agentOf(dev).wait(id)).toMatchObject({ approved: true, status: "APPROVED" });
  });

  it("shows the edits and sends them with the reason", async () => {
    const { id } = await ask();
    const argv = ["approve", id, "--set", "sql=SELECT 1;", "--reason", "look first", "--yes"];
    const { stdout } = await run(...argv);
    expect(stdout).toContain('- "DROP TABLE users;"');
    expect(stdout).toContain('+ "SELECT 1;"');
    expect(await agentOf(dev).wait(id)).toMatchObject({
      status: "APPROVED_WITH_MODIFICATIONS",
      approvedPayload: { sql: "SELECT 1;", database: "production" },
      reason: "look first",
    });
  });

  it("encrypts an edit where the request is encrypted", async () => {
    const { id } = await ask({}, KEY);
    const ended = await holdpoint(["requests", "approve", id, "--patch", "-", "--yes"], {
      cwd: dev.cwd,
      env: { HOLDPOINT_ENCRYPTION_KEY: KEY },
      input: '{"sql":"SELECT 2;","database":"staging"}',
    });
    expect(ended.exitCode).toBe(0);
    const { request } = await runJson<{ request: WireRequest }>("show", id);
    expect(JSON.stringify(request)).not.toContain("SELECT 2;");
    expect(await agentOf(dev, KEY).wait(id)).toMatchObject({
      status: "APPROVED_WITH_MODIFICATIONS",
      approvedPayload: { sql: "SELECT 2;", database: "staging" },
    });
  });

  it("approves nothing unread, unconfirmed or against the schema", async () => {
    const sealed = await ask({}, KEY);
    expect(await run("approve", sealed.id, "--yes")).toMatchObject({ exitCode: 3, stdout: "" });
    const { id } = await ask();
    const unconfirmed = await run("approve", id);
    expect(unconfirmed.exitCode).toBe(2);
    expect(unconfirmed.stderr).toContain("--yes");
    const wrong = await run("approve", id, "--set", "database=moon", "--yes");
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain("/database");
    expect(await agentOf(dev, KEY).requests.get(sealed.id)).toMatchObject({ status: "PENDING" });
    expect(await agentOf(dev).requests.get(id)).toMatchObject({ status: "PENDING" });
  });

  it.each([
    ["y", 0, "APPROVED"],
    ["n", 1, "PENDING"],
  ])("asks on a terminal, and takes %s for an answer", async (answer, exitCode, status) => {
    const { id } = await ask();
    const terminal = testTerminal({ directory: dev.cwd });
    terminal.screen.on("data", (drawn) => {
      // A person answers after the question is drawn, never while it is.
      if (String(drawn).includes("Let this run?")) {
        setImmediate(() => terminal.input.write(answer));
      }
    });
    expect(await main(["requests", "approve", id], terminal)).toBe(exitCode);
    expect(await agentOf(dev).requests.get(id)).toMatchObject({ status });
  });

  it("tells the loser of a race who won", async () => {
    const { id } = await ask();
    const ended = await Promise.all([
      run("approve", id, "--yes"),
      run("reject", id, "--reason", "no"),
    ]);
    expect(ended.map(({ exitCode }) => exitCode).sort()).toEqual([0, 5]);
    const late = await run("approve", id, "--yes", "--json");
    expect(late).toMatchObject({ exitCode: 5, stdout: "" });
    expect(JSON.parse(late.stderr)).toMatchObject({
      error: { code: "ALREADY_DECIDED", exit_code: 5, next: `holdpoint requests show ${id}` },
    });
  });
});

describe("reject", () => {
  it("gives the agent the reason", async () => {
    const { id } = await ask();
    const rejected = await runJson<WireRequest>("reject", id, "--reason", "Not on a Friday.");
    expect(rejected).toMatchObject({ id, status: "REJECTED" });
    expect(await agentOf(dev).wait(id)).toMatchObject({
      approved: false,
      reason: "Not on a Friday.",
    });
  });
});

describe("tail", () => {
  it("prints one line per event, from the past where asked, and ends with 0", async () => {
    const { id } = await ask({ service: "tailed" });
    const child: ChildProcess = launch(["requests", "tail", "--since", "1h", "--json"], {
      cwd: dev.cwd,
    });
    const events: { request_id: string; type: string; sequence: number }[] = [];
    for await (const line of lines(child.stdout)) {
      const event = JSON.parse(line);
      if (event.request_id !== id) continue;
      events.push(event);
      if (events.length === 2) break;
      await run("reject", id);
    }
    expect(events.map(({ type }) => type)).toEqual(["request.created", "request.rejected"]);
    child.kill("SIGINT");
    await once(child, "exit");
    expect(child.exitCode).toBe(0);

    const resumed = launch(["requests", "tail", "--since", String(events[0]?.sequence), "--json"], {
      cwd: dev.cwd,
    });
    const { value } = await lines(resumed.stdout).next();
    expect(JSON.parse(value as string).sequence).toBeGreaterThan(events[0]?.sequence ?? 0);
    resumed.kill("SIGINT");
    await once(resumed, "exit");
  });
});

describe("without a control plane or a token", () => {
  it("says which is missing and what to run", async () => {
    await using empty = await temporaryFolder();
    const ls = (env: Record<string, string>) =>
      holdpoint(["requests", "ls"], { cwd: empty.path, env });
    const tokenless = await ls({ HOLDPOINT_URL: dev.ready.url });
    expect(tokenless).toMatchObject({ exitCode: 3, stdout: "" });
    const token = dev.ready.operatorToken;
    const nowhere = { HOLDPOINT_URL: "http://127.0.0.1:9", HOLDPOINT_OPERATOR_TOKEN: token };
    const unreachable = await ls(nowhere);
    expect(unreachable).toMatchObject({ exitCode: 6, stdout: "" });
    expect(unreachable.stderr).toContain("Try: holdpoint dev");
    const wrong = { HOLDPOINT_URL: dev.ready.url, HOLDPOINT_OPERATOR_TOKEN: `${token}x` };
    const refused = await ls(wrong);
    expect(refused).toMatchObject({ exitCode: 3, stdout: "" });
    expect(refused.stderr).not.toContain(token);
    const agent = { HOLDPOINT_URL: dev.ready.url, HOLDPOINT_OPERATOR_TOKEN: dev.ready.apiKey };
    const { id } = await ask();
    const decided = await holdpoint(["requests", "approve", id, "--yes"], {
      cwd: empty.path,
      env: agent,
    });
    expect(decided.exitCode).toBe(3);
  });

  it("sends the token that dev left to no other address", async () => {
    const elsewhere = await holdpoint(["requests", "ls", "--url", "http://127.0.0.1:9"], {
      cwd: dev.cwd,
    });
    expect(elsewhere).toMatchObject({ exitCode: 3, stdout: "" });
  });
});
