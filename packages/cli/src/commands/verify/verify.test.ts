import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approval } from "../../../../protocol/src/receipt/fixtures/content.js";
import {
  contentOf,
  createSigningKey,
  jwks,
  logKey,
  logResources,
  receiptKey,
  signCheckpoint,
  signReceipt,
  wireReceipt,
} from "../../../../protocol/src/receipt/fixtures/log.js";
import { type Ended, holdpoint, temporaryFolder } from "../../fixtures/holdpoint.js";

const log = Array.from({ length: 300 }, (_, index) => signReceipt(approval(index), receiptKey));
const receipt = wireReceipt(log, 5, logKey);
const ledgerOf = (jwses: readonly string[]) =>
  jwses.map((jws, index) => `${JSON.stringify({ id: contentOf(jws).id, jws, index })}\n`).join("");

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  const files: Record<string, string> = {
    "keys.json": JSON.stringify(jwks),
    "receipt.json": JSON.stringify(receipt, null, 2),
    "ledger.jsonl": ledgerOf(log),
    "swapped.jsonl": ledgerOf(log.with(7, log[8] as string).with(8, log[7] as string)),
    "checkpoint.txt": signCheckpoint(log, logKey),
    "forged.txt": signCheckpoint(log, createSigningKey()),
    "text.txt": "hello\nworld\n",
    "empty.jsonl": "",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text);
  for (const [path, bytes] of logResources(log, logKey)) {
    const file = join(folder.path, "log", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
});

afterAll(() => folder[Symbol.asyncDispose]());

function verify(...argv: string[]): Promise<Ended> {
  return holdpoint(["verify", ...argv], { cwd: folder.path });
}

describe("[P-VERIFY] verify", () => {
  it("says what was checked and what was not", async () => {
    const { exitCode, stdout } = await verify("receipt.json", "--keys", "keys.json");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^✓ The receipt verifies\.\n/);
    expect(stdout).toMatch(/Checked\n {2}✓ {2}signature/);
    expect(stdout).toMatch(/Not checked\n {2}– {2}payload/);
    expect(stdout).toContain("that who decided was not deceived");
  });

  it("takes keys of nobody's own: without --keys it says why, and how to get them", async () => {
    for (const file of ["receipt.json", "ledger.jsonl", "log"]) {
      const { exitCode, stdout, stderr } = await verify(file);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toContain("A file that brings its own keys proves nothing");
      expect(stderr).toContain("curl -o keys.json https://");
    }
  });

  it("reads standard input", async () => {
    const read = (input: string) =>
      holdpoint(["verify", "-", "--keys", "keys.json", "--json"], { cwd: folder.path, input });
    expect(JSON.parse((await read(JSON.stringify(receipt))).stdout)).toMatchObject({
      kind: "receipt",
    });
    expect(JSON.parse((await read(ledgerOf(log))).stdout)).toMatchObject({
      kind: "ledger",
      receipts: 300,
    });
  });

  it("verifies a ledger with its checkpoint, and a log's folder", async () => {
    const ledger = ["ledger.jsonl", "--keys", "keys.json", "--checkpoint", "checkpoint.txt"];
    expect((await verify(...ledger)).stdout).toContain("✓ The ledger verifies.");
    const audited = await verify("log", "--keys", "keys.json", "--json");
    expect(JSON.parse(audited.stdout)).toMatchObject({ kind: "log", size: 300, tiles: 3 });
  });

  it("names the leaf that differs where the log is at hand", async () => {
    const swapped = ["swapped.jsonl", "--keys", "keys.json"];
    const withLog = await verify(...swapped, "--log", "log");
    expect(withLog).toMatchObject({ exitCode: 7, stdout: "" });
    expect(withLog.stderr).toContain("not in the log's order at index 7");
    const without = await verify(...swapped, "--checkpoint", "checkpoint.txt");
    expect(without.exitCode).toBe(7);
    expect(without.stderr).toContain("do not make up the log's root");
  });

  it.each([
    [["receipt.json", "--project", "prj_01h455vb4pex5vsknk084sn02r"], "RECEIPT_PROJECT_WRONG", 7],
    [["ledger.jsonl", "--checkpoint", "forged.txt"], "CHECKPOINT_INVALID", 7],
    [["empty.jsonl", "--checkpoint", "checkpoint.txt"], "RECEIPT_NOT_INCLUDED", 7],
    [["empty.jsonl"], "RECEIPT_MALFORMED", 7],
    [["keys.json"], "RECEIPT_MALFORMED", 7],
    [["text.txt"], undefined, 2],
    [["missing.json"], undefined, 4],
    [["ledger.jsonl", "--checkpoint", "missing.txt"], undefined, 4],
    [["ledger.jsonl", "--log", "http://127.0.0.1:9"], "CONNECTION_FAILED", 6],
    [["http://127.0.0.1:9"], "CONNECTION_FAILED", 6],
  ])("%j: %s, exit code %i", async (argv, code, exit_code) => {
    const { exitCode, stdout, stderr } = await verify(...argv, "--keys", "keys.json", "--json");
    expect({ exitCode, stdout }).toEqual({ exitCode: exit_code, stdout: "" });
    const { error } = JSON.parse(stderr);
    expect(error).toMatchObject({ exit_code });
    expect(error.code).toBe(code);
  });

  it("refuses keys that are none", async () => {
    const { exitCode, stderr } = await verify("receipt.json", "--keys", "receipt.json");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("holds no keys to verify with");
  });

  it("notices a log that withholds an entry", async () => {
    await rm(join(folder.path, "log/tile/entries/000"));
    const { exitCode, stderr } = await verify("log", "--keys", "keys.json", "--json");
    expect(exitCode).toBe(7);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "LOG_FORKED" } });
  });
});
