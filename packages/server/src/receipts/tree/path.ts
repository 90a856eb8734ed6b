import { TILE_WIDTH } from "./tile.js";

/** A tile, or a bundle of entries, as its path names it. */
export interface NamedTile {
  readonly index: number;
  /** Of a partial one: 1 … 255. Absent: it is full. */
  readonly width?: number;
}

/** Groups of three digits, each but the last with an `x`, none of them needless; then the width. */
const PATH = /^((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/**
 * Reads what stands in a path after the level.
 *
 * @returns `undefined` for what names no tile, or names it in another form than the one it has.
 * @see C2SP tlog-tiles, "Merkle Tree"
 */
export function parseTilePath(path: string): NamedTile | undefined {
  const [, digits = "", widthText] = PATH.exec(path) ?? [];
  const index = Number(digits.replaceAll(/[x/]/g, ""));
  if (digits === "" || !Number.isSafeInteger(index) || formatIndex(index) !== digits) {
    return undefined;
  }
  if (widthText === undefined) return { index };
  const width = Number(widthText);
  return width < TILE_WIDTH ? { index, width } : undefined;
}

/** The level of a tile as its path names it: 0 … 63. */
export function parseTileLevel(text: string): number | undefined {
  return /^(?:\d|[1-5]\d|6[0-3])$/.test(text) ? Number(text) : undefined;
}

/** An index as its path names it: 1234067 is `x001/x234/067`. */
export function formatIndex(index: number): string {
  const groups = String(index).padStart(Math.ceil(String(index).length / 3) * 3, "0");
  return (groups.match(/\d{3}/g) ?? [])
    .map((group) => `x${group}`)
    .join("/")
    .replace(/x(\d+)$/, "$1");
}
