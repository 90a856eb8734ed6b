import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { WireReceipt } from "@holdpoint/protocol";
import type {
  WireAgentDetails,
  WireAuthority,
  WireEnrolment,
  WireLease,
} from "@holdpoint/protocol/gate";
import { ApprovalRequiredError, createAgentWorkspace, Holdpoint } from "@holdpoint/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { agentOf } from "../fixtures/agent.js";
import { type Development, holdpoint, startOwnDev } from "../fixtures/holdpoint.js";

/** The API behind the gate: takes issues from whoever has the token. */
const api = createServer((incoming, outgoing) => {
  incoming.resume();
  const isKnown = incoming.headers.authorization === "Bearer canary-51d0";
  outgoing.writeHead(isKnown ? 201 : 401, { "content-type": "application/json" });
  outgoing.end('{"number":7}');
});

let dev: Development;
let agent: Holdpoint;

beforeAll(async () => {
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  dev = await startOwnDev();
  agent = agentOf(dev);
  await writeFile(at("issue.json"), JSON.stringify(manifest()));
  await writeFile(at("policy.cedar"), POLICY);
  await run("actions", "apply", "issue.json");
  await run("policy", "set", "policy.cedar");
  await holdpoint(["secrets", "set", "ISSUE_TOKEN"], { cwd: dev.cwd, input: "canary-51d0" });
});

afterAll(async () => {
  api.close();
  await dev[Symbol.asyncDispose]();
});

const POLICY = `@id("issues")
@hold("approver")
@reason("Others read it.")
permit (principal, action == Action::"execute", resource);
`;

function manifest() {
  const { port } = api.address() as AddressInfo;
  return {
    id: "open-issue",
    version: "1.0.0",
    title: "Open an issue",
    description: "Opens an issue.",
    risk: "medium",
    parameters: {
      type: "object",
      properties: { title: { type: "string" } },
      required: ["title"],
      additionalProperties: false,
    },
    provider: {
      type: "http",
      method: "POST",
      url: `http://127.0.0.1:${port}/issues`,
      body: { title: "{title}" },
    },
    egress: { domains: ["127.0.0.1"], ports: [port], allow_private: true },
    secrets: [{ name: "ISSUE_TOKEN", header: "authorization", prefix: "Bearer " }],
    verification: { type: "status", statuses: [201] },
  };
}

const at = (name: string) => join(dev.cwd, name);
const run = (...argv: string[]) => holdpoint(argv, { cwd: dev.cwd });

async function runJson<Answer>(...argv: string[]): Promise<Answer> {
  const { exitCode, stdout, stderr } = await run(...argv, "--json");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as Answer;
}

/** Asks for an issue, and answers the id of the call that waits for a person. */
async function askForIssue(title: string): Promise<string> {
  const error = await agent.gate.execute("open-issue", { title }).catch((thrown) => thrown);
  if (error instanceof ApprovalRequiredError) return error.approvalId ?? "";
  throw error;
}

it("shows the plan of a held call, with what the policy says, and its evidence once it ran", async () => {
  const id = await askForIssue("It is slow");
  const shown = await run("requests", "show", id);
  expect(shown.stdout).toMatch(/policy +hold by issues \(revision 1\): Others read it\./);
  expect(shown.stdout).toMatch(/Plan\n {2}action +open-issue 1\.0\.0: Open an issue/);
  expect(shown.stdout).toMatch(/reaches +127\.0\.0\.1, port \d+, private networks too/);
  expect(shown.stdout).toMatch(/secrets +ISSUE_TOKEN \(header authorization\)/);

  const approved = await run("requests", "approve", id, "--set", "title=It is fast", "--yes");
  expect(approved.stdout).toMatch(/runs +POST http:\/\/127\.0\.0\.1/);
  const result = await agent.gate.execute("open-issue", undefined, { approval: id });
  expect(result).toMatchObject({ outcome: "success" });

  const receipt = await runJson<WireReceipt>("receipts", "get", result.receiptId);
  await writeFile(at("receipt.json"), JSON.stringify(receipt));
  const verified = await run("verify", "receipt.json", "--keys", dev.ready.url, "--allow-unlogged");
  expect(verified.stdout).toContain("✓ The receipt verifies.");
  expect(verified.stdout).toMatch(/version +1\.0\.0\nmanifest +sha256:[0-9a-f]{64}$/m);
  expect(verified.stdout).toMatch(/^approved by +operator Developer$/m);
  expect(verified.stdout).toMatch(/^verification +verified: the effect was seen$/m);
  expect(shown.stdout + approved.stdout + verified.stdout).not.toContain("canary-51d0");
  expect((await run("requests", "show", id)).stdout).toMatch(/verification +verified/);
});

it("verifies what a change of the project has set, by its file", async () => {
  const action = await runJson<{ registration: { receipt_id: string } }>(
    "actions",
    "show",
    "open-issue",
  );
  const receipt = await run("receipts", "get", action.registration.receipt_id);
  await writeFile(at("registered.json"), receipt.stdout);
  const verify = (file: string) =>
    run("verify", "registered.json", "--keys", dev.ready.url, "--allow-unlogged", "--set", file);
  const same = await verify("issue.json");
  expect(same.stdout).toMatch(/^what +action\.registered$/m);
  expect(same.stdout).toMatch(/✓ {2}set +is what was signed/);
  await writeFile(at("other.json"), JSON.stringify({ ...manifest(), risk: "low" }));
  expect(await verify("other.json")).toMatchObject({ exitCode: 7, stdout: "" });
});

it("lists leases with what is used of them, and revokes one", async () => {
  const { data } = await runJson<{ data: WireLease[] }>("leases", "ls", "--live");
  const [lease] = data;
  expect(data).toHaveLength(1);
  const { stdout } = await run("leases", "ls", "--live");
  expect(stdout).toMatch(new RegExp(`^${lease?.id} +dev-agent +ends in \\d+m +\\d+ `, "m"));
  expect((await run("leases", "revoke", lease?.id ?? "")).stdout).toContain("✓ Revoked");
  expect((await run("leases", "ls", "--live")).stdout).toBe("No lease matches.\n");
});

it("freezes everything at once, also what was approved before, and thaws it", async () => {
  const id = await askForIssue("It is frozen");
  await run("requests", "approve", id, "--yes");
  const frozen = await run("freeze", "--reason", "Look first.");
  expect(frozen.stdout).toMatch(/^✗ All authority is frozen, epoch 1\. Receipt: rcp_/);
  const execute = () => agent.gate.execute("open-issue", undefined, { approval: id });
  await expect(execute()).rejects.toMatchObject({ code: "AUTHORITY_FROZEN" });
  const thawed = await runJson<WireAuthority>("thaw");
  expect(thawed).toMatchObject({ frozen: false, epoch: 1 });
  await expect(execute()).rejects.toMatchObject({ code: "AUTHORITY_FROZEN" });
});

it("enrols an agent by a code that works once, shows it and revokes its key", async () => {
  const scope = ["--scope", "actions:open-issue", "--scope", "requests:read"];
  const told = await run("agents", "enrol", "issue-bot", ...scope);
  expect(told.stdout).toMatch(/^ {2}hpe_/m);
  expect(told.stdout).toContain(`export HOLDPOINT_URL=${dev.ready.url}`);
  const { code } = await runJson<WireEnrolment>("agents", "enrol", "issue-bot", ...scope);
  const workspace = await createAgentWorkspace({ code, baseUrl: dev.ready.url });
  const bot = new Holdpoint({ agentKey: workspace });
  expect((await bot.gate.actions()).map(({ id }) => id)).toEqual(["open-issue"]);

  const shown = await run("agents", "show", "issue-bot");
  expect(shown.stdout).toMatch(new RegExp(`${workspace.identityId} +active `));
  expect((await run("agents", "ls")).stdout).toMatch(/issue-bot +1 +now/);
  expect((await run("agents", "revoke", workspace.identityId)).stdout).toContain("of issue-bot.");
  await expect(bot.gate.actions()).rejects.toMatchObject({ status: 401 });
});

it("limits an agent, and leaves alone what is not named", async () => {
  const limit = (...argv: string[]) =>
    runJson<WireAgentDetails>("agents", "limit", "dev-agent", ...argv);
  await limit("--calls-per-day", "50", "--cost-per-day", "100 EUR");
  const { limits } = await limit("--scope", "actions:open-issue", "--calls-per-day", "40");
  expect(limits).toEqual({
    scopes: ["actions:open-issue"],
    max_calls_per_day: 40,
    max_cost_per_day: { amount_minor: 10_000, currency: "EUR" },
  });
  const without = await limit("--cost-per-day", "none", "--scope", "none");
  expect(without.limits).toEqual({ max_calls_per_day: 40 });
  expect((await run("agents", "show", "dev-agent")).stdout).toMatch(/calls today +\d+ of 40/);
});

it.each([
  [["agents", "limit", "dev-agent"], 2],
  [["agents", "limit", "dev-agent", "--cost-per-day", "100"], 2],
  [["agents", "limit", "dev-agent", "--cost-per-day", "1.001 EUR"], 2],
  [["agents", "limit", "nobody", "--calls-per-day", "1"], 4],
  [["agents", "enrol", "bot", "--scope", "everything"], 2],
  [["agents", "revoke", "aid_01h455vb4pex5vsknk084sn02q"], 4],
  [["leases", "revoke", "lse_01h455vb4pex5vsknk084sn02q"], 4],
] as const)("ends %j with %i", async (argv, exitCode) => {
  expect(await run(...argv)).toMatchObject({ exitCode, stdout: "" });
});
