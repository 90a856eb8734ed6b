import type { Tile, TilePlace } from "../../receipts/tree/tile.js";
import type { Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";

/** Tiles as far as they have grown; those that are not there are left out. */
export async function findTiles(
  { db }: Reader,
  dialect: Dialect,
  places: readonly TilePlace[],
): Promise<readonly Tile[]> {
  if (places.length === 0) return [];
  const rows = await db
    .selectFrom("log_tiles")
    .selectAll()
    .where((where) =>
      where.or(places.map(({ level, index }) => where.and({ level, place: index }))),
    )
    .execute();
  return rows.map(({ level, place, bytes }) => ({
    level,
    index: dialect.decodeInteger(place),
    bytes,
  }));
}

/** Writes a tile that is new or has grown. */
export async function writeTile({ db }: Transaction, { level, index, bytes }: Tile): Promise<void> {
  await db
    .insertInto("log_tiles")
    .values({ level, place: index, bytes })
    .onConflict((conflict) =>
      conflict
        .columns(["level", "place"])
        .doUpdateSet((update) => ({ bytes: update.ref("excluded.bytes") })),
    )
    .execute();
}
