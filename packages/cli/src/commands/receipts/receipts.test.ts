import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentOf, dropTable } from "../../fixtures/agent.js";
import {
  type Development,
  type Ended,
  holdpoint,
  startOwnDev,
  temporaryFolder,
} from "../../fixtures/holdpoint.js";

let dev: Development;
let receiptId: string;

beforeAll(async () => {
  dev = await startOwnDev();
  const { id } = await agentOf(dev).defer(dropTable);
  await run("requests", "approve", id, "--set", "sql=SELECT 1;", "--yes");
  const { request } = JSON.parse((await run("requests", "show", id, "--json")).stdout);
  receiptId = request.receipt_id;
  await writeFile(at("request.json"), JSON.stringify(request));
  const keys = await fetch(`${dev.ready.url}/.well-known/jwks.json`);
  await writeFile(at("keys.json"), await keys.text());
});

afterAll(() => dev[Symbol.asyncDispose]());

const at = (name: string) => join(dev.cwd, name);

/** Knows no home, so that nothing is remembered from run to run. */
function run(...argv: string[]): Promise<Ended> {
  return holdpoint(argv, { cwd: dev.cwd });
}

describe("a receipt of a real control plane", () => {
  it("is one file that verifies with the keys alone, with its request", async () => {
    const got = await run("receipts", "get", receiptId);
    expect(got).toMatchObject({ exitCode: 0, stderr: "" });
    await writeFile(at("receipt.json"), got.stdout);
    const argv = ["verify", "receipt.json", "--keys", "keys.json", "--request", "request.json"];
    const { exitCode, stdout, stderr } = await run(...argv);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("✓ The receipt verifies.");
    expect(stdout).toContain("request.approved: db-agent / run_sql");
    expect(stdout).toMatch(/✓ {2}log +entry \d+ of \d+ in /);
    expect(stdout).toMatch(/✓ {2}approved payload +is what was signed/);
    const json = JSON.parse((await run(...argv, "--json")).stdout);
    expect(json).toMatchObject({
      verified: true,
      kind: "receipt",
      receipt: { id: receiptId, status: "APPROVED_WITH_MODIFICATIONS" },
      compared: ["payload", "approved payload"],
    });
  });

  it("does not verify with another request", async () => {
    const request = JSON.parse(await readFile(at("request.json"), "utf8"));
    const other = { ...request, patched_payload: { ...request.patched_payload, sql: "SELECT 2;" } };
    await writeFile(at("other.json"), JSON.stringify(other));
    const argv = ["verify", "receipt.json", "--keys", "keys.json", "--request", "other.json"];
    expect(await run(...argv)).toMatchObject({
      exitCode: 7,
      stdout: "",
      stderr: expect.stringContaining("approved payload"),
    });
  });

  it("is found by its URL, with the keys of the same place", async () => {
    const url = `${dev.ready.url}/v1/receipts/${receiptId}`;
    const { exitCode, stdout } = await run("verify", url);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`trusted from ${dev.ready.url}/.well-known/jwks.json`);
    await using empty = await temporaryFolder();
    expect(await holdpoint(["verify", url], { cwd: empty.path })).toMatchObject({ exitCode: 3 });
  });

  it.each([
    [["receipts", "get", "nonsense"], 2],
    [["receipts", "get", "rcp_01h455vb4pex5vsknk084sn02q"], 4],
  ])("%j ends with %i", async (argv, exitCode) => {
    expect(await run(...argv)).toMatchObject({ exitCode, stdout: "" });
  });
});

describe("a ledger of a real control plane", () => {
  it("adds up to what the log signed, and breaks with one line less", async () => {
    const argv = [
      "receipts",
      "export",
      "--output",
      "ledger.jsonl",
      "--checkpoint",
      "checkpoint.txt",
    ];
    expect(await run(...argv)).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    const verify = (...more: string[]) =>
      run("verify", "ledger.jsonl", "--keys", "keys.json", ...more);
    const whole = await verify("--checkpoint", "checkpoint.txt", "--complete", "--json");
    const lines = (await readFile(at("ledger.jsonl"), "utf8")).trimEnd().split("\n");
    expect(JSON.parse(whole.stdout)).toMatchObject({
      verified: true,
      kind: "ledger",
      receipts: lines.length,
      skipped: 0,
    });
    expect((await verify("--log", dev.ready.url)).exitCode).toBe(0);
    await writeFile(at("ledger.jsonl"), `${lines.slice(0, -1).join("\n")}\n`);
    const cut = await verify("--checkpoint", "checkpoint.txt", "--json");
    expect(cut).toMatchObject({ exitCode: 7, stdout: "" });
    expect(JSON.parse(cut.stderr)).toMatchObject({
      error: { code: "RECEIPT_NOT_INCLUDED", exit_code: 7 },
    });
    expect((await verify()).stdout).toContain("the log was not asked");
  });
});

describe("the log of a real control plane", () => {
  it("is audited from its entries up, mirrored, and must only grow", async () => {
    const env = { XDG_STATE_HOME: at("state") };
    const audit = (...argv: string[]) => holdpoint(["verify", ...argv], { cwd: dev.cwd, env });
    const first = await audit(dev.ready.url, "--mirror", "mirror");
    expect(first).toMatchObject({ exitCode: 0, stderr: "" });
    expect(first.stdout).toContain("✓ The log verifies.");
    expect(first.stdout).toContain("this is the first time");
    const { size } = JSON.parse((await audit(dev.ready.url, "--json")).stdout);

    await agentOf(dev).defer(dropTable);
    await run("receipts", "export", "--output", "later.jsonl");
    const later = await audit(`${dev.ready.url}/v1/log`);
    expect(later.stdout).toContain(`it still contains all that it had at ${size} entries`);

    const copy = await audit("mirror", "--keys", "keys.json", "--no-remember", "--json");
    expect(JSON.parse(copy.stdout)).toMatchObject({ kind: "log", size, contains: [] });
    // The copy is older than what was remembered from the control plane.
    const older = await audit("mirror", "--keys", "keys.json", "--json");
    expect(older.exitCode).toBe(7);
    expect(JSON.parse(older.stderr)).toMatchObject({ error: { code: "LOG_FORKED" } });
    const against = await audit(dev.ready.url, "--no-remember", "--against", "mirror/checkpoint");
    expect(against).toMatchObject({ exitCode: 0 });
  });
});
