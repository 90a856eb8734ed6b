import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { WireList } from "@holdpoint/protocol";
import type {
  WireBudget,
  WireKillSwitch,
  WirePurchase,
  WireSpendPolicy,
} from "@holdpoint/protocol/spend";
import { afterAll, beforeAll, expect, it } from "vitest";
import { agentOf } from "../../fixtures/agent.js";
import { type Development, holdpoint, startOwnDev } from "../../fixtures/holdpoint.js";

let dev: Development;

beforeAll(async () => {
  dev = await startOwnDev();
});

afterAll(() => dev[Symbol.asyncDispose]());

const run = (...argv: string[]) => holdpoint(["spend", ...argv], { cwd: dev.cwd });

async function runJson<Answer>(...argv: string[]): Promise<Answer> {
  const { exitCode, stdout, stderr } = await run(...argv, "--json");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as Answer;
}

/** Buys as the agent that `dev` has a key for. */
const buy = (amount: bigint, merchantName = "Shop") =>
  agentOf(dev).spend.purchase({ amount, currency: "EUR", category: "software", merchantName });

async function write(name: string, content: string): Promise<string> {
  await writeFile(join(dev.cwd, name), content);
  return name;
}

it("says so where there is nothing yet, and what to do", async () => {
  expect((await run("purchases")).stdout).toContain("Nothing was bought yet.");
  expect((await run("budget")).stdout).toContain("holdpoint spend budget --set");
  const { stdout } = await run("policy");
  expect(stdout).toContain("No policy is in force: every purchase goes to a person.");
  expect((await run("purchases", "--status", "failed")).stdout).toBe("No purchase matches.\n");
});

it("sets a budget, and lists what is held of it in aligned columns", async () => {
  const budget = await runJson<WireBudget>("budget", "--set", "250.00", "--currency", "EUR");
  expect(budget).toMatchObject({ scope: "project", allocated: { amount_minor: 25_000 } });
  const { agent } = await buy(1_250n);
  await runJson("budget", "--set", "99.5", "--currency", "EUR", "--agent", agent.name);
  const { stdout } = await run("budget");
  const [head = "", ofProject = "", ofAgent = ""] = stdout.split("\n");
  expect(head).toMatch(/^WHOSE +CURRENCY +ALLOCATED +HELD +SPENT +LEFT$/);
  expect(ofProject).toMatch(/^the project +EUR +250\.00 +12\.50 +0\.00 +237\.50$/);
  expect(ofAgent).toMatch(
    new RegExp(`^agent ${agent.name} +EUR +99\\.50 +12\\.50 +0\\.00 +87\\.00$`),
  );
  expect(ofProject).toHaveLength(ofAgent.length);
  const own = await runJson<WireList<WireBudget>>("budget", "--agent", agent.name);
  expect(own.data).toMatchObject([{ scope: "agent" }]);

  const tooLittle = await run("budget", "--set", "10.00", "--currency", "EUR");
  expect(tooLittle).toMatchObject({ exitCode: 5, stdout: "" });
  expect(tooLittle.stderr).toContain("12.50 EUR");
  const none = await run("budget", "--set", "none", "--currency", "EUR");
  expect(none.stdout).toMatch(/^the project +EUR +none +12\.50 +0\.00 +no limit$/m);
  await run("budget", "--set", "none", "--currency", "EUR", "--agent", agent.name);
});

it("sets a policy from a file, tells what it means, and takes it away", async () => {
  const file = await write(
    "policy.json",
    JSON.stringify({
      currency: "EUR",
      daily_limit: "100.00",
      per_request_limit: "500.00",
      auto_approve: { enabled: true },
    }),
  );
  const set = await run("policy", "--set", file);
  expect(set.stdout).toContain("Policy of the project, revision 1");
  expect(set.stdout).toContain("100.00 EUR a day");
  expect(set.stdout).toMatch(/^ {2}! /m);
  expect((await run("policy")).stdout).toBe(set.stdout);
  expect((await buy(1_000n)).status).toBe("auto_approved");

  const list = await runJson<WireList<WireSpendPolicy>>("policy");
  expect(list).toMatchObject({ data: [{ scope: "project", revision: 1 }], stopped: [] });
  expect((await run("policy", "--remove")).stdout).toContain("Taken away");
});

it("lists purchases with the amount that counts", async () => {
  await buy(123_456n, "Larger Shop");
  const { stdout } = await run("purchases", "--status", "pending");
  expect(stdout.split("\n")[0]).toMatch(/^ID +STATUS +AMOUNT +CATEGORY +MERCHANT +AGENT +ASKED$/);
  expect(stdout).toMatch(/^req_\w+ +pending +1234\.56 EUR +software +Larger Shop/m);
  expect(stdout).toMatch(/^req_\w+ +pending {4,}12\.50 EUR +software +Shop /m);
  const list = await runJson<WireList<WirePurchase>>("purchases", "--limit", "1");
  expect(list.data).toHaveLength(1);
  expect((await run("purchases", "--limit", "1")).stdout).toContain("There is more");
});

it("stops spending, shows who did, and lets it go on", async () => {
  const { agent } = await buy(100n);
  const stopped = await run("stop", "--agent", agent.name, "--reason", "It runs wild.");
  expect(stopped.stdout).toContain(`Spending is stopped for agent ${agent.name}.`);
  expect(stopped.stdout).toContain(`holdpoint spend resume --agent ${agent.name}`);
  expect((await buy(100n)).status).toBe("rejected");
  expect((await run("policy")).stdout).toMatch(/Spending is stopped for agent .*: It runs wild\./);
  const on = await runJson<WireKillSwitch>("resume", "--agent", agent.name);
  expect(on).toMatchObject({ stopped: false, agent: { name: agent.name } });
  expect((await buy(100n)).status).toBe("pending");
  expect((await run("stop")).stdout).toContain("for the project");
  expect((await run("resume")).stdout).toContain("goes on for the project");
});

it.each([
  [["budget", "--set", "10.00"], 2, "--currency"],
  [["budget", "--set", "1e3", "--currency", "EUR"], 2, "decimal text"],
  [["budget", "--set", "1.005", "--currency", "EUR"], 2, "2 decimals"],
  [["budget", "--agent", "a", "--organisation"], 2, "not both"],
  [["budget", "--set", "1", "--currency", "EUR", "--organisation"], 4, "organisation"],
  [["budget", "--agent", "nobody"], 4, "No agent is called nobody"],
  [["policy", "--set", "missing.json"], 1, "missing.json"],
  [["policy", "--set", "x.json", "--remove"], 2, "not both"],
  [["purchases", "--status", "paid"], 2, "one or several of pending"],
  [["stop", "--agent", "nobody"], 4, "No agent is called nobody"],
] as const)("ends %j with %i", async (argv, exitCode, said) => {
  const ended = await run(...argv);
  expect(ended).toMatchObject({ exitCode, stdout: "" });
  expect(ended.stderr).toContain(said);
});

it("refuses a policy that cannot be followed, and says where", async () => {
  const broken = await write("broken.json", "{");
  expect(await run("policy", "--set", broken)).toMatchObject({ exitCode: 2 });
  const policy = { currency: "EUR", timezone: "Europe/Atlantis" };
  const file = await write("atlantis.json", JSON.stringify(policy));
  const refused = await run("policy", "--set", file);
  expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
  expect(refused.stderr).toContain("/policy/timezone");
});

it("says that an approval counts where others have to follow", async () => {
  const policy = {
    currency: "EUR",
    auto_approve: { enabled: true },
    approval_threshold: { amount: "50.00", quorum: 2 },
  };
  await run("policy", "--set", await write("quorum.json", JSON.stringify(policy)));
  const { requestId: id } = await buy(6_000n);
  const approved = await holdpoint(["requests", "approve", id, "--yes"], { cwd: dev.cwd });
  expect(approved.stdout).toContain(`Your approval counts, 1 of 2; it waits for others: ${id}`);
  const shown = await holdpoint(["requests", "show", id], { cwd: dev.cwd });
  expect(shown.stdout).toMatch(/approvals +1 of 2: /);
});
