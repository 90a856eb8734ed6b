import type { Holdpoint } from "@holdpoint/sdk";
import type { Catalog } from "../catalog.js";

export interface CallsOptions {
  readonly holdpoint: Holdpoint;
  readonly catalog: Catalog;
  readonly environment: string | undefined;
  /** Names the session: its requests carry it. */
  readonly runId: string;
  /** Milliseconds a call waits for a person before it answers `PENDING`. */
  readonly waitMs: number;
}

export type Arguments = Readonly<Record<string, unknown>>;

/** A call that a person decides, as its request has it. */
export interface HeldCall {
  /** The request (`req_…`). */
  readonly id: string;
  readonly url: string;
  /** How people and models read it. */
  readonly name: string;
}
