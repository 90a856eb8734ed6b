import { beforeAll, describe, expect, test } from "vitest";
import { ReceiptError } from "./error.js";
import { approval, OTHER_PROJECT, PROJECT } from "./fixtures/content.js";
import {
  contentOf,
  createSigningKey,
  leafHashOf,
  logKey,
  receiptKey,
  signCheckpoint,
  signReceipt,
  treeHash,
  trustedKeys,
} from "./fixtures/log.js";
import type { TrustedKeys } from "./keys.js";
import { type LedgerLine, type VerifyLedgerOptions, verifyLedger } from "./ledger.js";
import { coverRange } from "./tree.js";

const SIZE = 600;
const log = Array.from({ length: SIZE }, (_, index) => signReceipt(approval(index), receiptKey));
const checkpoint = signCheckpoint(log, logKey);
let keys: TrustedKeys;

beforeAll(async () => {
  keys = await trustedKeys;
});

const line = (jws: string, index: number): LedgerLine => ({ id: contentOf(jws).id, jws, index });
const linesOf = (jwses: readonly string[]) => jwses.map(line);
const readTile = async (index: number, width: number) =>
  log.slice(index * 256, index * 256 + width).map(leafHashOf);

async function refusalOf(
  lines: Iterable<unknown>,
  options: Partial<VerifyLedgerOptions> = {},
): Promise<string> {
  try {
    await verifyLedger(lines, { keys, checkpoint, ...options });
    return "verified";
  } catch (error) {
    if (!(error instanceof ReceiptError)) throw error;
    return `${error.code}: ${error.fault} @ ${error.index}`;
  }
}

describe("a ledger", () => {
  test("verifies against the log's checkpoint", async () => {
    const progress: number[] = [];
    const verified = await verifyLedger(linesOf(log), {
      keys,
      checkpoint,
      projectId: PROJECT,
      complete: true,
      readTile,
      onProgress: (leaves) => progress.push(leaves),
    });
    expect(verified).toMatchObject({
      receipts: SIZE,
      skipped: 0,
      size: SIZE,
      first: approval(0),
      last: approval(SIZE - 1),
      checkpoint: { size: SIZE },
    });
    expect(Buffer.from(verified.root)).toEqual(treeHash(log.map(leafHashOf)));
    expect(progress).toEqual([256, 512, 600]);
  });

  test("without a checkpoint says what its root is, and nothing of the log", async () => {
    const verified = await verifyLedger(linesOf(log.slice(0, 3)), { keys });
    expect(verified).toMatchObject({ receipts: 3, size: 3 });
    expect(verified.checkpoint).toBeUndefined();
    expect(await verifyLedger([], { keys })).toMatchObject({ receipts: 0, size: 0 });
  });

  test("skips the leaves of others by their subtrees", async () => {
    const skip = (from: number, to: number): LedgerLine => ({
      skip: {
        from,
        to,
        hashes: coverRange(from, to).map(({ start, level }) =>
          treeHash(log.slice(start, start + 2 ** level).map(leafHashOf)).toString("base64"),
        ),
      },
    });
    const all = linesOf(log);
    const sparse = [
      skip(0, 7),
      ...all.slice(7, 20),
      skip(20, 301),
      ...all.slice(301, 590),
      skip(590, SIZE),
    ];
    const verified = await verifyLedger(sparse, { keys, checkpoint, readTile });
    expect(verified).toMatchObject({ receipts: 302, skipped: 298, size: SIZE });
    expect(await refusalOf(sparse, { complete: true })).toBe("RECEIPT_NOT_INCLUDED: dropped @ 0");
    const wrong = [skip(0, 7), ...all.slice(7, 20), skip(21, 302)];
    expect(await refusalOf(wrong)).toBe("RECEIPT_NOT_INCLUDED: dropped @ 20");
    const short = [{ skip: { from: 0, to: 7, hashes: [] } }];
    expect(await refusalOf(short)).toBe("RECEIPT_MALFORMED: not_a_receipt @ 0");
    const forged = [{ skip: { from: 0, to: SIZE, hashes: sparseHashes(SIZE) } }];
    expect(await refusalOf(forged)).toBe("RECEIPT_NOT_INCLUDED: root_differs @ undefined");
    expect(
      await refusalOf([
        skip(0, 512),
        { skip: { from: 512, to: 1024, hashes: [Buffer.alloc(32).toString("base64")] } },
      ]),
    ).toBe("RECEIPT_NOT_INCLUDED: inserted @ 600");
  });
});

function sparseHashes(size: number): string[] {
  return coverRange(0, size).map(() => Buffer.alloc(32, 7).toString("base64"));
}

const swapped = log.with(300, log[301] as string).with(301, log[300] as string);
const foreign = signReceipt({ ...approval(300), project_id: OTHER_PROJECT }, receiptKey);
const unknown = signReceipt(approval(300), createSigningKey());
const forged = signReceipt(
  { ...approval(300), reason_digest: approval().payload_digest },
  receiptKey,
);
const [header, , signature] = (log[300] as string).split(".");
const altered = `${header}.${Buffer.from("{}").toString("base64url")}.${signature}`;
const all = linesOf(log);

describe("a wrong ledger is refused where it goes wrong", () => {
  test.each<[string, readonly unknown[], string]>([
    ["a dropped leaf", all.toSpliced(300, 1), "RECEIPT_NOT_INCLUDED: dropped @ 300"],
    ["the first leaf dropped", all.slice(1), "RECEIPT_NOT_INCLUDED: dropped @ 0"],
    ["the last leaf dropped", all.slice(0, -1), "RECEIPT_NOT_INCLUDED: dropped @ 599"],
    ["everything dropped", [], "RECEIPT_NOT_INCLUDED: dropped @ 0"],
    [
      "reordered lines",
      [...all.slice(0, 300), ...all.slice(301, 302), ...all.slice(300, 301), ...all.slice(302)],
      "RECEIPT_NOT_INCLUDED: dropped @ 300",
    ],
    [
      "a line twice",
      [...all.slice(0, 300), ...all.slice(299)],
      "RECEIPT_NOT_INCLUDED: reordered @ 300",
    ],
    [
      "one leaf too many",
      [...all, line(log[0] as string, SIZE)],
      "RECEIPT_NOT_INCLUDED: inserted @ 600",
    ],
    [
      "a changed receipt",
      all.with(300, { ...all[300], jws: altered } as LedgerLine),
      "RECEIPT_SIGNATURE_INVALID: bad_signature @ 300",
    ],
    ["an unknown key", linesOf(log.with(300, unknown)), "RECEIPT_KEY_UNKNOWN: unknown_key @ 300"],
    [
      "another id",
      all.with(300, { ...all[300], id: approval(1).id } as LedgerLine),
      "RECEIPT_MALFORMED: id_differs @ 300",
    ],
    [
      "a line that is none",
      all.toSpliced(300, 1, { index: 300 } as never),
      "RECEIPT_MALFORMED: not_a_receipt @ 300",
    ],
    [
      "a line of null",
      all.toSpliced(300, 1, null as never),
      "RECEIPT_MALFORMED: not_a_receipt @ 300",
    ],
    [
      "a line with more",
      all.toSpliced(300, 1, { ...all[300], ok: true } as never),
      "RECEIPT_MALFORMED: not_a_receipt @ 300",
    ],
    [
      "two faults",
      linesOf(log.with(400, unknown).with(300, unknown)),
      "RECEIPT_KEY_UNKNOWN: unknown_key @ 300",
    ],
  ])("%s", async (_name, lines, expected) => {
    expect(await refusalOf(lines)).toBe(expected);
  });

  test("another project's receipt", async () => {
    const lines = linesOf(log.with(300, foreign));
    expect(await refusalOf(lines, { projectId: PROJECT })).toBe(
      "RECEIPT_PROJECT_WRONG: other_project @ 300",
    );
  });

  test.each([
    ["dropped and numbered again", log.toSpliced(300, 1), "dropped @ 300"],
    ["reordered and numbered again", swapped, "reordered @ 300"],
    ["inserted and numbered again", log.toSpliced(300, 0, forged), "inserted @ 300"],
    ["replaced by another that is well signed", log.with(300, forged), "altered @ 300"],
    ["dropped right before the end of a tile", log.toSpliced(255, 1), "altered @ 255"],
  ])("a leaf %s: the tiles tell where", async (_name, jwses, place) => {
    const lines = linesOf(jwses);
    expect(await refusalOf(lines, { readTile })).toBe(`RECEIPT_NOT_INCLUDED: ${place}`);
    const withoutTiles = await refusalOf(lines);
    expect(withoutTiles).toMatch(
      /^RECEIPT_NOT_INCLUDED: (root_differs|dropped @ 599|inserted @ 600)/,
    );
  });

  test("a checkpoint of another fork of the log", async () => {
    const fork = signCheckpoint(log.with(17, forged), logKey);
    expect(await refusalOf(all, { checkpoint: fork })).toBe(
      "RECEIPT_NOT_INCLUDED: root_differs @ undefined",
    );
  });

  test("a checkpoint that is not the log's", async () => {
    const checkpointOfOther = signCheckpoint(log, createSigningKey());
    expect(await refusalOf(all, { checkpoint: checkpointOfOther })).toBe(
      "CHECKPOINT_INVALID: unknown_log_key @ undefined",
    );
  });
});

test("stops when it is told to", async () => {
  const reason = new Error("enough");
  const options = { keys, checkpoint, signal: AbortSignal.abort(reason) };
  await expect(verifyLedger(all, options)).rejects.toBe(reason);
});
