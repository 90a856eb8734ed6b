import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { WirePolicy } from "@holdpoint/protocol/policy";
import { afterAll, beforeAll, expect, it } from "vitest";
import { agentOf, dropTable } from "../../fixtures/agent.js";
import { type Development, holdpoint, startOwnDev } from "../../fixtures/holdpoint.js";

const POLICY = `@id("no-drops")
@reason("Nobody drops a table.")
forbid (principal, action == Action::"ask", resource == Intent::"db-agent/run_sql")
when { context has payload && context.payload.text.hasTag("/sql") &&
  context.payload.text.getTag("/sql") like "DROP*" };

@id("large-refunds")
@hold("finance")
permit (principal, action == Action::"execute", resource == Intent::"gate/stripe-refund")
when { context has spend && context.spend.amount_minor > 10000 };

@id("small-refunds")
permit (principal, action == Action::"execute", resource == Intent::"gate/stripe-refund");
`;

const CASES = `policy: policy.cedar
cases:
  - name: finance looks at large refunds
    question:
      entry: execute
      action: stripe-refund
      spend: { amount: "100.01", currency: EUR }
    expect: { verdict: hold, role: finance, statements: [large-refunds] }
  - name: small ones go through
    question: { entry: execute, action: stripe-refund, spend: { amount: "5", currency: EUR } }
    expect: { verdict: allow }
  - name: tables stay
    question: { service: db-agent, action: run_sql, payload: { sql: DROP TABLE users } }
    expect: { verdict: deny, reason: Nobody drops a table. }
`;

let dev: Development;

beforeAll(async () => {
  dev = await startOwnDev();
  await write("policy.cedar", POLICY);
});

afterAll(() => dev[Symbol.asyncDispose]());

const run = (...argv: string[]) => holdpoint(["policy", ...argv], { cwd: dev.cwd });
const write = (name: string, content: string) => writeFile(join(dev.cwd, name), content);

it("says where nothing is in force yet, and has something to begin with", async () => {
  const { stdout } = await run("show");
  expect(stdout).toContain("No policy is in force");
  const list = await run("templates");
  const [, id = ""] = /^([a-z-]+) {2}/m.exec(list.stdout) ?? [];
  await write("template.cedar", (await run("templates", id)).stdout);
  expect(await run("check", "template.cedar")).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await run("templates", "none")).toMatchObject({ exitCode: 4, stdout: "" });
});

it("checks a policy offline: what is right says what it does, what is wrong says where", async () => {
  const right = await run("check", "policy.cedar");
  expect(right.stdout).toMatch(/^✓ policy\.cedar can be put in force\.$/m);
  expect(right.stdout).toMatch(/^large-refunds +hold for finance$/m);
  await write("typo.cedar", POLICY.replace("context.spend.amount_minor", "context.spend.amount"));
  const wrong = await run("check", "typo.cedar");
  expect(wrong.exitCode).toBe(1);
  expect(wrong.stdout).toMatch(/^typo\.cedar:10:\d+ {2}error {2}/m);
  expect(JSON.parse((await run("check", "typo.cedar", "--json")).stdout)).toMatchObject({
    valid: false,
  });
});

it("asks a policy what it is expected to say, and shows what differs", async () => {
  await write("cases.yaml", CASES);
  const held = await run("test", "cases.yaml");
  expect(held).toMatchObject({ exitCode: 0, stderr: "" });
  expect(held.stdout).toMatch(/^✓ finance looks at large refunds {2}hold by large-refunds$/m);
  expect(held.stdout).toContain("3 of 3 cases hold.");
  await write("cases.yaml", CASES.replace("verdict: allow", "verdict: deny"));
  const differs = await run("test", "cases.yaml");
  expect(differs.exitCode).toBe(1);
  expect(differs.stdout).toContain("✗ small ones go through\n  verdict: expected deny, got allow");
});

it.each([
  ["verdict: allow", "verdict: perhaps", "cases.yaml:11:15  error  /cases/1/expect/verdict: "],
  ['amount: "5"', 'amount: "5.001"', "error  /cases/1/question/spend: Expected at most 2 decimals"],
  ["service: db-agent, ", "", "error  /cases/2/question/service: Expected the service"],
])("says where cases cannot be run: %s as %s", async (from, to, said) => {
  await write("cases.yaml", CASES.replace(from, to));
  const { exitCode, stdout, stderr } = await run("test", "cases.yaml");
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toContain(said);
});

it("tries a policy on past requests, puts it in force, and explains what it says", async () => {
  const { id } = await agentOf(dev).defer(dropTable);
  const tried = await run("try", "policy.cedar", "--since", "1h");
  expect(tried.stdout).toContain("Of 1 past requests: 1 denied.");
  expect(tried.stdout).toMatch(new RegExp(`^${id} +none → deny +db-agent / run_sql `, "m"));

  const set = await run("set", "policy.cedar", "--note", "Tables stay.");
  expect(set.stdout).toMatch(/^✓ Revision 1 is in force\. Receipt: rcp_/);
  expect((await run("set", "policy.cedar")).stdout).toContain("says exactly this already");
  const shown = await run("show");
  expect(shown.stdout).toBe(POLICY);
  expect(shown.stderr).toContain("revision 1, by operator Developer");

  const explained = await run("explain", id);
  expect(explained.stdout).toMatch(/^deny, by revision 1$/m);
  expect(explained.stdout).toMatch(/no-drops +forbid +Nobody drops a table\./);
  const denied = await agentOf(dev).defer(dropTable);
  const { stdout } = await holdpoint(["requests", "show", denied.id], { cwd: dev.cwd });
  expect(stdout).toContain("REJECTED");
  expect(stdout).toMatch(/policy +deny by no-drops \(revision 1\): Nobody drops a table\./);
});

it("replaces only the revision it was made from, and takes a policy away when told to", async () => {
  await write("policy.cedar", `${POLICY}\n`);
  const late = await run("set", "policy.cedar", "--base", "7");
  expect(late).toMatchObject({ exitCode: 5, stdout: "" });
  expect(late.stderr).toContain("holdpoint policy show");
  await write("empty.cedar", "\n");
  expect(await run("set", "empty.cedar")).toMatchObject({ exitCode: 2, stdout: "" });
  const { policy } = JSON.parse((await run("set", "--remove", "--json")).stdout) as {
    policy: WirePolicy;
  };
  expect(policy).toMatchObject({ revision: 2, text: "" });
  const history = await run("show", "--history");
  expect(history.stdout).toMatch(/^2 +.*\(taken away\)\n1 +.* Tables stay\.$/m);
});

it("puts nothing in force that has an error", async () => {
  const { exitCode, stdout, stderr } = await run("set", "typo.cedar");
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toContain("typo.cedar:10:");
  expect((await run("show")).stdout).toContain("No policy is in force");
});
