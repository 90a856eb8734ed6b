import { ConfigurationError, Holdpoint } from "@holdpoint/sdk";
import type { SerializerProtocol } from "@langchain/langgraph-checkpoint";

/** Where checkpoints are kept, and how. */
export interface HoldpointCheckpointSaverOptions {
  /** Default: a new client, from `HOLDPOINT_API_KEY`, `HOLDPOINT_URL` and `HOLDPOINT_ENCRYPTION_KEY`. */
  readonly holdpoint?: Holdpoint | undefined;
  /** Default: LangGraph's `JsonPlusSerializer`. */
  readonly serde?: SerializerProtocol | undefined;
  /**
   * What the keys of all records begin with, so that two applications of one agent do not share
   * threads. 1 … 64 letters, digits, `.`, `_` or `-`; in clear. Default `langgraph`.
   */
  readonly prefix?: string | undefined;
}

export interface ResolvedOptions {
  readonly holdpoint: Holdpoint;
  readonly prefix: string;
}

/** @throws {ConfigurationError} `CONFIGURATION_INVALID`: the prefix, or no API key. */
export function resolveOptions({
  holdpoint,
  prefix = "langgraph",
}: HoldpointCheckpointSaverOptions): ResolvedOptions {
  // No slash: under the prefix `a`, records of a prefix `a/b` would be taken for threads.
  if (typeof prefix !== "string" || !/^[A-Za-z0-9._-]{1,64}$/.test(prefix)) {
    const message =
      "Expected prefix as 1 to 64 letters, digits, dots, underscores or hyphens, got something else.";
    throw new ConfigurationError({ code: "CONFIGURATION_INVALID", message });
  }
  return { holdpoint: holdpoint ?? new Holdpoint(), prefix };
}
