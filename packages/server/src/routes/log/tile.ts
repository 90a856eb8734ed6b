import { z } from "zod";
import { ProblemError } from "../../domain/problem.js";
import { operation } from "../../http/operation.js";
import { BUNDLED_ENTRY_BYTES, ENTRY_LEVEL } from "../../receipts/entries.js";
import { HASH_BYTES } from "../../receipts/tree/hash.js";
import { parseTileLevel, parseTilePath } from "../../receipts/tree/path.js";
import { TILE_WIDTH } from "../../receipts/tree/tile.js";
import type { LogStore } from "../../store/verbs/log.js";
import { PUBLIC_HEADERS } from "./public.js";

/** How entries are named where hash tiles have their level. */
const ENTRIES = "entries";

export const getTileOperation = operation({
  id: "getTile",
  tag: "Receipts",
  method: "get",
  path: "/v1/log/tile/{level}/{tile*}",
  audience: { public: true },
  summary: "Read a tile of the log",
  description:
    "256 hashes of the tree, or with `entries` for the level 256 entries, as C2SP tlog-tiles describes them: `tile/0/x001/234`, and with `.p/<width>` one that is not full yet. What has been answered once never changes.",
  params: z.object({ level: z.string(), tile: z.string() }),
  responses: {
    200: { description: "The tile.", contentType: "application/octet-stream", schema: z.string() },
  },
  async handle({ context, params }) {
    const bytes = await findTile(context.store.log, params.level, params.tile);
    if (bytes === undefined) throw notThere();
    return new Response(new Uint8Array(bytes), {
      headers: {
        ...PUBLIC_HEADERS,
        "Content-Type": "application/octet-stream",
        "Cache-Control": "public, max-age=31536000, immutable",
      },
    });
  },
});

/** Exactly the tile that is named: a partial one has the width asked for, however far it has grown. */
async function findTile(
  log: LogStore,
  levelText: string,
  path: string,
): Promise<Uint8Array | undefined> {
  const level = levelText === ENTRIES ? ENTRY_LEVEL : parseTileLevel(levelText);
  const named = parseTilePath(path);
  if (level === undefined || named === undefined) return undefined;
  const { index, width = TILE_WIDTH } = named;
  const [tile] = await log.tiles([{ level, index }]);
  const length = width * (level === ENTRY_LEVEL ? BUNDLED_ENTRY_BYTES : HASH_BYTES);
  return tile !== undefined && tile.bytes.length >= length
    ? tile.bytes.subarray(0, length)
    : undefined;
}

function notThere(): ProblemError {
  return new ProblemError({
    code: "RESOURCE_NOT_FOUND",
    detail:
      "Expected a tile that the newest checkpoint's size implies, got another. Read /v1/log/checkpoint first.",
    headers: PUBLIC_HEADERS,
  });
}
