import { isJsonObject } from "../json.js";
import type { WireReceiptContent } from "../wire.js";
import { decodeBase64, equalBytes } from "./bytes.js";
import { type Checkpoint, openCheckpoint } from "./checkpoint.js";
import { ReceiptError } from "./error.js";
import { HASH_BYTES, type Hash, hashLeaf, logEntryOf } from "./hash.js";
import type { TrustedKeys } from "./keys.js";
import { compareWithTile } from "./locate.js";
import { type SignedReceipt, verifySignature } from "./signature.js";
import { TILE_WIDTH } from "./tile.js";
import { coverRange, GrowingTree } from "./tree.js";
import { requireProject } from "./verify.js";

/** One line of a ledger: a receipt at its place in the log. */
export interface LedgerReceipt {
  readonly id: string;
  readonly jws: string;
  readonly index: number;
}

/**
 * One line of a ledger that stands for leaves of others: those from `from` (included) to `to`
 * (excluded), by the roots of the subtrees that {@link coverRange} names, as base64.
 */
export interface LedgerSkip {
  readonly skip: { readonly from: number; readonly to: number; readonly hashes: readonly string[] };
}

export type LedgerLine = LedgerReceipt | LedgerSkip;

export interface VerifyLedgerOptions {
  readonly keys: TrustedKeys;
  /** The project every receipt must belong to. Default: any. */
  readonly projectId?: string | undefined;
  /** A signed checkpoint. Without one nothing shows that the log holds these leaves. */
  readonly checkpoint?: string | undefined;
  /** Refuses skipped leaves: for a log of which one holds every receipt. Default false. */
  readonly complete?: boolean | undefined;
  /**
   * Reads the leaf hashes of the log's tile `index` of level 0, to name the first leaf that
   * differs; `undefined` when it cannot be had.
   */
  readonly readTile?:
    | ((index: number, width: number) => Promise<readonly Hash[] | undefined>)
    | undefined;
  /** Told after every batch how many leaves are done. */
  readonly onProgress?: ((leaves: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface VerifiedLedger {
  readonly receipts: number;
  /** Leaves of others, of which nothing is known but that they are there. */
  readonly skipped: number;
  readonly size: number;
  readonly root: Hash;
  readonly checkpoint?: Checkpoint;
  readonly first?: WireReceiptContent;
  readonly last?: WireReceiptContent;
}

/** Signatures verified side by side; also what is held in memory at once. */
const BATCH = TILE_WIDTH;

/**
 * Verifies receipts in the log's order, of any number, in the memory of a few hundred: every
 * signature, every place, and that together they make up the root the log signed.
 *
 * @param lines - {@link LedgerLine}s as parsed from JSON, in the order of their index.
 * @throws {ReceiptError} with the `index` of the first leaf that does not hold, where that can be
 *   known. Without tiles a wrong but well-signed order shows in the root alone (`root_differs`).
 */
export async function verifyLedger(
  lines: AsyncIterable<unknown> | Iterable<unknown>,
  options: VerifyLedgerOptions,
): Promise<VerifiedLedger> {
  const { checkpoint: note, keys } = options;
  const checkpoint = note === undefined ? undefined : await openCheckpoint(note, keys.logs);
  const ledger = new Ledger(options, checkpoint);
  for await (const line of lines) await ledger.add(line);
  return ledger.close();
}

class Ledger {
  readonly #options: VerifyLedgerOptions;
  readonly #checkpoint: Checkpoint | undefined;
  readonly #tree = new GrowingTree();
  #batch: LedgerReceipt[] = [];
  #receipts = 0;
  #skipped = 0;
  #first: WireReceiptContent | undefined;
  #last: WireReceiptContent | undefined;

  constructor(options: VerifyLedgerOptions, checkpoint: Checkpoint | undefined) {
    this.#options = options;
    this.#checkpoint = checkpoint;
  }

  async add(value: unknown): Promise<void> {
    const next = this.#tree.size + this.#batch.length;
    const line = requireLine(value, next);
    const from = "skip" in line ? line.skip.from : line.index;
    if (from !== next)
      throw new ReceiptError(from > next ? "dropped" : "reordered", { index: next });
    if ("skip" in line) {
      await this.#flush();
      this.#skip(line);
      return;
    }
    this.#requireWithinCheckpoint(next + 1);
    this.#batch.push(line);
    // Batches end where tiles do, so that each is compared with one tile.
    if ((next + 1) % BATCH === 0) await this.#flush();
  }

  async close(): Promise<VerifiedLedger> {
    await this.#flush();
    const { size } = this.#tree;
    const root = this.#tree.root();
    if (this.#checkpoint !== undefined) {
      if (size < this.#checkpoint.size) throw new ReceiptError("dropped", { index: size });
      if (!equalBytes(root, this.#checkpoint.root)) throw new ReceiptError("root_differs");
    }
    return {
      receipts: this.#receipts,
      skipped: this.#skipped,
      size,
      root,
      ...(this.#checkpoint && { checkpoint: this.#checkpoint }),
      ...(this.#first && { first: this.#first }),
      ...(this.#last && { last: this.#last }),
    };
  }

  async #flush(): Promise<void> {
    this.#options.signal?.throwIfAborted();
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    const start = this.#tree.size;
    const signed = await verifyAll(batch, this.#options);
    const leafHashes = batch.map(({ jws }) => hashLeaf(logEntryOf(jws)));
    await this.#compareWithLog(leafHashes, start);
    for (const leafHash of leafHashes) this.#tree.append(leafHash);
    this.#receipts += batch.length;
    this.#first ??= signed[0]?.content;
    this.#last = signed.at(-1)?.content;
    this.#options.onProgress?.(this.#tree.size);
  }

  async #compareWithLog(leafHashes: readonly Hash[], start: number): Promise<void> {
    const { readTile } = this.#options;
    if (readTile === undefined || this.#checkpoint === undefined) return;
    const tileStart = start - (start % TILE_WIDTH);
    const width = Math.min(TILE_WIDTH, this.#checkpoint.size - tileStart);
    const tile = await readTile(tileStart / TILE_WIDTH, width);
    if (tile !== undefined) compareWithTile(leafHashes, start, tile.slice(start - tileStart));
  }

  #skip({ skip: { from, to, hashes } }: LedgerSkip): void {
    if (this.#options.complete) throw new ReceiptError("dropped", { index: from });
    this.#requireWithinCheckpoint(to);
    const cover = coverRange(from, to);
    if (cover.length !== hashes.length) throw new ReceiptError("not_a_receipt", { index: from });
    cover.forEach(({ start, level }, place) => {
      const hash = decodeBase64(hashes[place] ?? "");
      if (hash?.length !== HASH_BYTES) throw new ReceiptError("not_a_receipt", { index: start });
      this.#tree.append(hash, level);
    });
    this.#skipped += to - from;
  }

  #requireWithinCheckpoint(size: number): void {
    if (this.#checkpoint !== undefined && size > this.#checkpoint.size) {
      throw new ReceiptError("inserted", { index: this.#checkpoint.size });
    }
  }
}

/** Verifies a batch side by side; of several failures, that of the first receipt is thrown. */
async function verifyAll(
  batch: readonly LedgerReceipt[],
  { keys, projectId }: VerifyLedgerOptions,
): Promise<readonly SignedReceipt[]> {
  const outcomes = await Promise.allSettled(
    batch.map(async ({ id, jws }) => {
      const signed = await verifySignature(jws, keys);
      if (signed.content.id !== id) throw new ReceiptError("id_differs");
      requireProject(signed.content, projectId);
      return signed;
    }),
  );
  return outcomes.map((outcome, place) => {
    if (outcome.status === "fulfilled") return outcome.value;
    const { reason } = outcome;
    throw reason instanceof ReceiptError ? reason.at(batch[place]?.index ?? 0) : reason;
  });
}

function requireLine(value: unknown, next: number): LedgerLine {
  if (isReceiptLine(value) || isSkipLine(value)) return value;
  throw new ReceiptError("not_a_receipt", { index: next });
}

function isReceiptLine(value: unknown): value is LedgerReceipt {
  if (!isJsonObject(value)) return false;
  const { id, jws, index, ...rest } = value;
  const known = Object.keys(rest).length === 0;
  return known && typeof id === "string" && typeof jws === "string" && isIndex(index);
}

function isSkipLine(value: unknown): value is LedgerSkip {
  if (!isJsonObject(value) || !isJsonObject(value.skip)) return false;
  const { from, to, hashes } = value.skip;
  const isRange = isIndex(from) && isIndex(to) && from < to;
  return isRange && Array.isArray(hashes) && hashes.every((hash) => typeof hash === "string");
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
