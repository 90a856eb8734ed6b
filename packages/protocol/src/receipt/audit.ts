import { equalBytes } from "./bytes.js";
import { type Checkpoint, openCheckpoint } from "./checkpoint.js";
import { ReceiptError } from "./error.js";
import { type Hash, hashLeaf } from "./hash.js";
import type { NoteKey } from "./note.js";
import { entriesPath, parseEntries, parseTile, TILE_WIDTH, tilePath, tileWidth } from "./tile.js";
import { GrowingTree, rootOf } from "./tree.js";

export interface AuditLogOptions {
  /** Reads a static resource below the log's prefix; `undefined` when there is none. */
  readonly read: (path: string) => Promise<Uint8Array | undefined>;
  readonly keys: readonly NoteKey[];
  /** Checkpoints seen before, signed: the log must still contain each of them. */
  readonly seen?: readonly string[] | undefined;
  /** Told after every bundle how many entries are done, of how many. */
  readonly onProgress?: ((entries: number, size: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface AuditedLog {
  readonly checkpoint: Checkpoint;
  /** The checkpoint as served: keep it, to show it to the log next time. */
  readonly note: string;
  /** Hash tiles that were compared. */
  readonly tiles: number;
  /** Sizes of the earlier checkpoints that this log still contains. */
  readonly contains: readonly number[];
}

/** Bundles on their way at the same time. */
const AHEAD = 8;

/**
 * Audits a whole log from its static resources: recomputes every tile and the root from the entries
 * alone, and shows that the log has only grown since earlier checkpoints. No consistency proof is
 * needed for that: the older trees are met on the way.
 *
 * @throws {ReceiptError} `CHECKPOINT_INVALID`, or `LOG_FORKED` with the `index` it shows at.
 * @see https://c2sp.org/tlog-tiles
 */
export async function auditLog(options: AuditLogOptions): Promise<AuditedLog> {
  const bytes = await options.read("checkpoint");
  if (bytes === undefined) throw new ReceiptError("not_a_note");
  const note = new TextDecoder().decode(bytes);
  const checkpoint = await openCheckpoint(note, options.keys);
  const seen = await openSeen(options, checkpoint);
  const audit = new Audit(options, checkpoint, seen);
  for await (const bundle of readBundles(options, checkpoint.size)) {
    options.signal?.throwIfAborted();
    await audit.add(bundle);
    options.onProgress?.(audit.size, checkpoint.size);
  }
  const tiles = await audit.close();
  return { checkpoint, note, tiles, contains: seen.map(({ size }) => size) };
}

async function openSeen(
  { seen = [], keys }: AuditLogOptions,
  current: Checkpoint,
): Promise<readonly Checkpoint[]> {
  const opened = await Promise.all(seen.map((note) => openCheckpoint(note, keys)));
  for (const { origin, size } of opened) {
    if (origin !== current.origin) throw new ReceiptError("other_origin");
    if (size > current.size) throw new ReceiptError("rolled_back", { index: current.size });
  }
  return opened;
}

interface Bundle {
  readonly entries: readonly Uint8Array[];
  /** The tile of their hashes. */
  readonly tile: Uint8Array | undefined;
}

/** Each bundle in order, with the next ones already on their way. */
async function* readBundles({ read }: AuditLogOptions, size: number): AsyncGenerator<Bundle> {
  const count = Math.ceil(size / TILE_WIDTH);
  const coming: Promise<Bundle>[] = [];
  for (let index = 0; index < count + AHEAD; index++) {
    if (index < count) {
      const bundle = readBundle(read, index, tileWidth(0, index, size));
      // Awaited in its turn; until then its failure is nobody's surprise.
      bundle.catch(() => undefined);
      coming.push(bundle);
    }
    const next = index >= AHEAD ? coming.shift() : undefined;
    if (next !== undefined) yield await next;
  }
  for (const bundle of coming) yield await bundle;
}

async function readBundle(
  read: AuditLogOptions["read"],
  index: number,
  width: number,
): Promise<Bundle> {
  const [bytes, tile] = await Promise.all([
    readEither(read, entriesPath(index, width), entriesPath(index)),
    readEither(read, tilePath(0, index, width), tilePath(0, index)),
  ]);
  if (bytes === undefined)
    throw new ReceiptError("resource_missing", { index: index * TILE_WIDTH });
  return { entries: parseEntries(bytes, width), tile };
}

/** A partial resource may be gone once the full one is there. */
async function readEither(
  read: AuditLogOptions["read"],
  path: string,
  fullPath: string,
): Promise<Uint8Array | undefined> {
  return (await read(path)) ?? (path === fullPath ? undefined : await read(fullPath));
}

class Audit {
  readonly #options: AuditLogOptions;
  readonly #checkpoint: Checkpoint;
  readonly #seen: readonly Checkpoint[];
  readonly #tree = new GrowingTree();
  /** Per level from 1 on, the hashes of the tile that is being filled. */
  readonly #filling: (Hash[] | undefined)[] = [];
  readonly #done: number[] = [];
  #tiles = 0;

  constructor(options: AuditLogOptions, checkpoint: Checkpoint, seen: readonly Checkpoint[]) {
    this.#options = options;
    this.#checkpoint = checkpoint;
    this.#seen = seen;
    this.#compareSeen();
  }

  get size(): number {
    return this.#tree.size;
  }

  async add({ entries, tile }: Bundle): Promise<void> {
    const leafHashes = entries.map(hashLeaf);
    for (const leafHash of leafHashes) {
      this.#tree.append(leafHash);
      this.#compareSeen();
    }
    this.#compareTile(0, leafHashes, tile);
    if (leafHashes.length === TILE_WIDTH) await this.#fill(1, rootOf(leafHashes));
  }

  /** @returns How many tiles were compared. */
  async close(): Promise<number> {
    for (const [level, hashes] of this.#filling.entries()) {
      if (hashes !== undefined && hashes.length > 0) await this.#readAndCompare(level, hashes);
    }
    if (!equalBytes(this.#tree.root(), this.#checkpoint.root)) {
      throw new ReceiptError("root_contradicted");
    }
    return this.#tiles;
  }

  /** Only full tiles are hashed into the level above. */
  async #fill(level: number, hash: Hash): Promise<void> {
    const hashes = this.#filling[level] ?? [];
    this.#filling[level] = hashes;
    hashes.push(hash);
    if (hashes.length < TILE_WIDTH) return;
    await this.#readAndCompare(level, hashes);
    this.#filling[level] = [];
    await this.#fill(level + 1, rootOf(hashes));
  }

  async #readAndCompare(level: number, hashes: readonly Hash[]): Promise<void> {
    const index = this.#done[level] ?? 0;
    const { read } = this.#options;
    const paths = [tilePath(level, index, hashes.length), tilePath(level, index)] as const;
    this.#compareTile(level, hashes, await readEither(read, ...paths));
  }

  #compareTile(level: number, hashes: readonly Hash[], bytes: Uint8Array | undefined): void {
    const index = this.#done[level] ?? 0;
    const start = index * TILE_WIDTH ** (level + 1);
    if (bytes === undefined) throw new ReceiptError("resource_missing", { index: start });
    const served = parseTile(bytes, hashes.length);
    const place = hashes.findIndex((hash, each) => !equalBytes(hash, served[each] ?? hash));
    if (place >= 0) {
      throw new ReceiptError("tile_contradicted", { index: start + place * TILE_WIDTH ** level });
    }
    this.#done[level] = index + 1;
    this.#tiles++;
  }

  #compareSeen(): void {
    for (const { size, root } of this.#seen) {
      if (size === this.#tree.size && !equalBytes(root, this.#tree.root())) {
        throw new ReceiptError("not_an_extension", { index: size });
      }
    }
  }
}
