import { equalBytes } from "./bytes.js";
import { ReceiptError } from "./error.js";
import type { Hash } from "./hash.js";

/**
 * Compares leaves with those of the log and names what became of the first that differs, as far as
 * one tile tells: a leaf that went far away looks altered.
 *
 * @param leafHashes - Those of the ledger, from `start` on.
 * @param tile - Those of the log, from `start` on.
 * @throws {ReceiptError} `RECEIPT_NOT_INCLUDED` with the `index`: `dropped`, `inserted`, `reordered`
 *   or `altered`.
 */
export function compareWithTile(
  leafHashes: readonly Hash[],
  start: number,
  tile: readonly Hash[],
): void {
  const place = leafHashes.findIndex((hash, each) => !isSame(hash, tile[each]));
  if (place < 0) return;
  const ours = leafHashes[place];
  const theirs = tile[place];
  const logHasOurs = tile.some((hash, each) => each > place && isSame(hash, ours));
  const weHaveTheirs = leafHashes.some((hash, each) => each > place && isSame(hash, theirs));
  const fault = FAULTS[`${logHasOurs}/${weHaveTheirs}`];
  throw new ReceiptError(fault, { index: start + place });
}

/** By whether the log has our leaf further on, and whether we have the log's. */
const FAULTS = {
  "true/true": "reordered",
  "true/false": "dropped",
  "false/true": "inserted",
  "false/false": "altered",
} as const;

function isSame(one: Hash | undefined, other: Hash | undefined): boolean {
  return one !== undefined && other !== undefined && equalBytes(one, other);
}
