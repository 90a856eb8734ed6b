import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ann,
  ben,
  cat,
  envelope,
  id,
  next,
  open,
  plane,
  result,
  stepDigest,
  stranger,
  terms,
  whole,
} from "../../../../protocol/src/escrow/fixtures/escrow.js";
import { receiptJwk } from "../../../../protocol/src/receipt/fixtures/log.js";
import { type Ended, holdpoint, temporaryFolder } from "../../fixtures/holdpoint.js";

const [opened, fulfilled, released] = whole();
const escrow = envelope([opened, fulfilled, released]);
const child = envelope(
  [
    open(
      {
        escrow_id: id("esc", "2"),
        request_id: id("req", "2"),
        parent: { escrow_id: id("esc", "1"), open_digest: stepDigest(opened) },
      },
      ben,
      cat,
    ),
  ],
  { escrow_id: id("esc", "2") },
  [ben, cat],
);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  const files: Record<string, unknown> = {
    "keys.json": { keys: [receiptJwk(plane)] },
    "others.json": { keys: [receiptJwk(stranger)] },
    "escrow.json": escrow,
    "answer.json": { id: id("esc", "1"), details: terms, result, envelope: escrow },
    "lied.json": { details: { description: "Everything" }, result, envelope: escrow },
    "chain.json": [child, escrow],
    "list.json": {
      data: [
        { envelope: child, details: terms },
        { envelope: escrow, details: terms },
      ],
      next_cursor: null,
    },
    "orphan.json": [child],
    "forged.json": envelope([opened, next("fulfil", opened, ann)]),
    "moved.json": { ...escrow, escrow_id: id("esc", "3") },
    "broken.json": { escrow_id: id("esc", "1") },
  };
  for (const [name, value] of Object.entries(files)) {
    await writeFile(join(folder.path, name), JSON.stringify(value, null, 2));
  }
});

afterAll(() => folder[Symbol.asyncDispose]());

function verify(...argv: string[]): Promise<Ended> {
  return holdpoint(["verify", ...argv], { cwd: folder.path });
}

describe("[P-VERIFY] verify, of escrows", () => {
  it("says what was checked and what was not", async () => {
    const { exitCode, stdout } = await verify("escrow.json", "--keys", "keys.json");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^✓ The escrow verifies\.\n/);
    expect(stdout).toMatch(/stage +RELEASED: the payer has let the money go\n/);
    expect(stdout).toMatch(/amount +40\.00 EUR\n/);
    expect(stdout).toMatch(/Not checked\n {2}– {2}terms/);
    expect(stdout).toContain("that it was held and moved");
  });

  it("recomputes the digests of what the API answers beside it", async () => {
    const { stdout } = await verify("answer.json", "--keys", "keys.json", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      verified: true,
      kind: "escrow",
      stage: "RELEASED",
      escrow: { escrow_id: id("esc", "1"), request_id: id("req", "1") },
      steps: [{ type: "open" }, { type: "fulfil" }, { type: "release" }],
      compared: ["terms", "result"],
    });
  });

  it.each(["chain.json", "list.json"])("follows hand-offs from end to end: %s", async (file) => {
    const { exitCode, stdout } = await verify(file, "--keys", "keys.json");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^✓ The chain of escrows verifies from end to end\.\n/);
    expect(stdout).toMatch(/hand-offs +1\n/);
    const { stdout: json } = await verify(file, "--keys", "keys.json", "--json");
    expect(JSON.parse(json)).toMatchObject({
      kind: "escrow_chain",
      root_escrow_id: id("esc", "1"),
      hand_offs: 1,
      escrows: [{ stage: "RELEASED" }, { stage: "OPEN" }],
    });
  });

  it("reads standard input", async () => {
    const argv = ["verify", "-", "--keys", "keys.json", "--json"];
    const input = JSON.stringify(escrow);
    const { stdout } = await holdpoint(argv, { cwd: folder.path, input });
    expect(JSON.parse(stdout)).toMatchObject({ kind: "escrow" });
  });

  it("takes keys of nobody's own", async () => {
    const { exitCode, stderr } = await verify("escrow.json");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("A file that brings its own keys proves nothing");
  });

  it.each([
    ["escrow.json", "others.json", "ESCROW_KEY_UNKNOWN"],
    ["forged.json", "keys.json", "ESCROW_SIGNATURE_INVALID"],
    ["moved.json", "keys.json", "ESCROW_CHAIN_BROKEN"],
    ["orphan.json", "keys.json", "ESCROW_CHAIN_BROKEN"],
    ["lied.json", "keys.json", "ESCROW_DIGEST_WRONG"],
    ["broken.json", "keys.json", "ESCROW_MALFORMED"],
  ])("%s with %s: %s, exit code 7", async (file, keys, code) => {
    const { exitCode, stdout, stderr } = await verify(file, "--keys", keys, "--json");
    expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: "" });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code, exit_code: 7 } });
  });

  it("refuses an escrow of another project", async () => {
    const project = "prj_01h455vb4pex5vsknk084sn02r";
    const argv = ["escrow.json", "--keys", "keys.json", "--project", project, "--json"];
    const { exitCode, stderr } = await verify(...argv);
    expect(exitCode).toBe(7);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "ESCROW_CHAIN_BROKEN" } });
  });
});
