import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Hash } from "@holdpoint/protocol/receipt";
import { parseTile, rootOf, TILE_WIDTH, tilePath, tileWidth } from "@holdpoint/protocol/receipt";
import { CommandFailure } from "../failure.js";
import type { Terminal } from "../terminal.js";
import { fetchResource, isUrl } from "./fetch.js";
import { notReadable } from "./file.js";

/** Reads a static resource of a log by its path below the prefix; `undefined` where it is none. */
export type ReadResource = (path: string) => Promise<Uint8Array | undefined>;

/** The log at a URL or in a folder. */
export function openLog(terminal: Terminal, place: string): ReadResource {
  if (isUrl(place)) {
    const prefix = logPrefix(place);
    return (path) => fetchResource(terminal, `${prefix}/${path}`);
  }
  const folder = resolve(terminal.directory, place);
  return async (path) => {
    try {
      return await readFile(join(folder, path));
    } catch (cause) {
      if ((Object(cause) as { code?: unknown }).code === "ENOENT") return undefined;
      throw notReadable(path, cause);
    }
  };
}

/** A control plane serves its log below `/v1/log`; a mirror may serve it anywhere. */
export function logPrefix(url: string): string {
  const { origin, pathname } = new URL(url);
  const path = pathname.replace(/\/(checkpoint)?$/, "");
  return path.endsWith("/log") || pathname.endsWith("/checkpoint")
    ? `${origin}${path}`
    : `${origin}${path}/v1/log`;
}

/** The same, keeping a copy of everything but the checkpoint in a folder. */
export function copyingTo(folder: string, read: ReadResource): ReadResource {
  return async (path) => {
    const bytes = await read(path);
    if (bytes !== undefined && path !== "checkpoint") await saveResource(folder, path, bytes);
    return bytes;
  };
}

export async function saveResource(
  folder: string,
  path: string,
  bytes: Uint8Array | string,
): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
}

/** The leaf hashes of a tile, as a ledger is compared with. */
export async function readLeafTile(
  read: ReadResource,
  index: number,
  width: number,
): Promise<readonly Hash[] | undefined> {
  const bytes = (await read(tilePath(0, index, width))) ?? (await read(tilePath(0, index)));
  return bytes && parseTile(bytes, width);
}

/** The root of the `2 ** level` leaves from `start` on, of a log that has `size`. */
export async function readSubtree(
  read: ReadResource,
  size: number,
  { start, level }: { readonly start: number; readonly level: number },
): Promise<Hash> {
  const tileLevel = Math.floor(level / 8);
  const first = start / TILE_WIDTH ** tileLevel;
  const count = 2 ** (level - 8 * tileLevel);
  const index = Math.floor(first / TILE_WIDTH);
  const width = tileWidth(tileLevel, index, size);
  const bytes =
    (await read(tilePath(tileLevel, index, width))) ?? (await read(tilePath(tileLevel, index)));
  if (bytes === undefined) {
    throw new CommandFailure({
      reason: "unreachable",
      message: `The log does not serve ${tilePath(tileLevel, index, width)}.`,
    });
  }
  const offset = first - index * TILE_WIDTH;
  return rootOf(parseTile(bytes, width).slice(offset, offset + count));
}
