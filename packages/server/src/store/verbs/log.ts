import type { Tile, TilePlace } from "../../receipts/tree/tile.js";

/** The transparency log of this control plane's receipts. */
export interface LogStore {
  /** Makes the log under this name. One that is there keeps the name it has. */
  open(origin: string): Promise<void>;
  /**
   * Takes up to `limit` waiting receipts into the log and signs its new head. Of several at once,
   * one after the other does it.
   *
   * @returns How many were taken.
   * @throws {TypeError} when the log has not been opened.
   */
  integrate(limit: number): Promise<number>;
  /** @throws {TypeError} when the log has not been opened. */
  head(): Promise<LogHead>;
  /**
   * Tiles as far as they have grown; those that are not there are left out. Level -1 are the bundles
   * of entries.
   */
  tiles(places: readonly TilePlace[]): Promise<readonly Tile[]>;
}

export interface LogHead {
  readonly origin: string;
  readonly size: number;
  /** A C2SP tlog-checkpoint. */
  readonly checkpoint: string;
}
