import { sql } from "kysely";
import { signCheckpoint } from "../../receipts/checkpoint.js";
import {
  BUNDLED_ENTRY_BYTES,
  bundleEntries,
  ENTRY_LEVEL,
  entryOf,
} from "../../receipts/entries.js";
import { GrowingTree } from "../../receipts/tree/grow.js";
import { EMPTY_ROOT, hashLeaf } from "../../receipts/tree/hash.js";
import { edgeOf, TILE_WIDTH, type Tile } from "../../receipts/tree/tile.js";
import type { Database, Transaction } from "../database.js";
import { prepareQuery } from "../prepared.js";
import type { LogHeadRow } from "../schema.js";
import type { LogStore } from "../verbs/log.js";
import type { KeyRing } from "./key-ring.js";
import { findTiles, writeTile } from "./log-tiles.js";

/** There is one log, so its head has one row. */
const HEAD = 1;

export function createLogStore(database: Database, ring: KeyRing): LogStore {
  const { read, write, dialect } = database;
  const placeWaiting = preparePlaceWaiting();

  async function open(origin: string): Promise<void> {
    const known = await read(({ db }) => db.selectFrom("log_head").select("id").execute());
    if (known.length > 0) return;
    await write(async (transaction) => {
      const signer = await ring.signer(transaction, "log");
      const checkpoint = signCheckpoint(signer, { origin, size: 0, root: EMPTY_ROOT });
      await transaction.db
        .insertInto("log_head")
        .values({ id: HEAD, origin, size: 0, kid: signer.kid, checkpoint })
        .onConflict((conflict) => conflict.column("id").doNothing())
        .execute();
    });
  }

  function integrate(limit: number): Promise<number> {
    return write(async (transaction) => {
      const head = await lockHead(transaction);
      const taken = await takeWaiting(transaction, head.size, limit);
      const signer = await ring.signer(transaction, "log");
      if (taken.length === 0 && signer.kid === head.kid) return 0;
      const tree = await grow(transaction, head.size, taken);
      const { origin } = head;
      const { size } = tree;
      const checkpoint = signCheckpoint(signer, { origin, size, root: tree.root() });
      await moveHead(transaction, head.size, { size, kid: signer.kid, checkpoint });
      return taken.length;
    });
  }

  /** Of several sequencers, the one that has this row goes on. */
  async function lockHead({ db }: Transaction) {
    const head = await dialect
      .lockRows(
        db.selectFrom("log_head").select(["origin", "size", "kid"]).where("id", "=", HEAD),
        "wait",
      )
      .executeTakeFirst();
    if (head === undefined) throw notOpened();
    return { ...head, size: dialect.decodeInteger(head.size) };
  }

  /** Gives the oldest waiting receipts their places, and answers their entries in that order. */
  async function takeWaiting(
    transaction: Transaction,
    size: number,
    limit: number,
  ): Promise<readonly Buffer[]> {
    const { rows } = await placeWaiting(transaction, { size, limit });
    return rows
      .map(({ jws, log_index: index }) => ({ jws, index: dialect.decodeInteger(index) }))
      .sort((one, other) => one.index - other.index)
      .map(({ jws }) => entryOf(jws));
  }

  async function grow(
    transaction: Transaction,
    size: number,
    entries: readonly Buffer[],
  ): Promise<GrowingTree> {
    const last = { level: ENTRY_LEVEL, index: Math.floor(size / TILE_WIDTH) };
    const found = await findTiles(transaction, dialect, [...edgeOf(size), last]);
    const tree = new GrowingTree(size, found);
    if (entries.length === 0) return tree;
    for (const entry of entries) tree.append(hashLeaf(entry));
    for (const tile of tree.tiles()) await writeTile(transaction, tile);
    const bundle = found.find(({ level }) => level === ENTRY_LEVEL)?.bytes ?? new Uint8Array();
    for (const tile of continueBundles(last.index, bundle, entries)) {
      await writeTile(transaction, tile);
    }
    return tree;
  }

  async function head() {
    const row = await read(({ db }) =>
      db
        .selectFrom("log_head")
        .select(["origin", "size", "checkpoint"])
        .where("id", "=", HEAD)
        .executeTakeFirst(),
    );
    if (row === undefined) throw notOpened();
    return { ...row, size: dialect.decodeInteger(row.size) };
  }

  return {
    open,
    integrate,
    head,
    tiles: (places) => read((reader) => findTiles(reader, dialect, places)),
  };
}

/** The oldest receipts without a place get the next ones, in one statement. */
function preparePlaceWaiting() {
  return prepareQuery(
    ({ db }, { size, limit }: { readonly size: number; readonly limit: number }) =>
      db
        .with("waiting", (query) =>
          query
            .selectFrom("receipts")
            .select("sequence")
            .where(IS_WAITING)
            .orderBy("sequence")
            .limit(limit),
        )
        .with("placed", (query) =>
          query
            .selectFrom("waiting")
            .select("sequence")
            .select(sql<number>`row_number() over (order by sequence)`.as("place")),
        )
        .updateTable("receipts")
        .from("placed")
        .set({ log_index: sql<number>`${size} - 1 + placed.place` })
        .whereRef("receipts.sequence", "=", "placed.sequence")
        .returning(["receipts.jws", "receipts.log_index"]),
  );
}

/** As a literal, which a parameter is not: only so does the partial index apply. */
const IS_WAITING = sql<boolean>`log_index is null`;

/** Bundles of entries, each as far as it has grown. */
function continueBundles(
  index: number,
  begun: Uint8Array,
  entries: readonly Uint8Array[],
): readonly Tile[] {
  const bundled = Buffer.concat([begun, bundleEntries(entries)]);
  const fullBytes = TILE_WIDTH * BUNDLED_ENTRY_BYTES;
  return Array.from({ length: Math.ceil(bundled.length / fullBytes) }, (_, place) => ({
    level: ENTRY_LEVEL,
    index: index + place,
    bytes: bundled.subarray(place * fullBytes, (place + 1) * fullBytes),
  }));
}

async function moveHead(
  { db }: Transaction,
  fromSize: number,
  to: Pick<LogHeadRow, "size" | "kid" | "checkpoint">,
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable("log_head")
    .set(to)
    .where("id", "=", HEAD)
    .where("size", "=", fromSize)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows !== 1n) throw new TypeError("Expected the log's head to stay locked.");
}

function notOpened(): TypeError {
  return new TypeError("Expected a log that has been opened.");
}
