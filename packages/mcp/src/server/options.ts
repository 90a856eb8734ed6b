import { ConfigurationError, type HoldpointOptions } from "@holdpoint/sdk";

/** What the server is told at its start. Every member has a default. */
export interface HoldpointMcpServerOptions extends HoldpointOptions {
  /**
   * Milliseconds a tool call waits for a person before it answers `PENDING`. Integer, 0 …
   * 3_600_000. Default 45_000, for most hosts cut a call after 60 s: set more only for one that does
   * not, such as CrewAI.
   */
  readonly waitMs?: number;
  /**
   * Names the run every call belongs to, where the model names none. The same question in the same
   * run is one request, in any process. Up to 200 characters. Default: none.
   */
  readonly runId?: string;
  /**
   * Shows the link to the request through clients that can open links (URL elicitation). Default
   * true.
   */
  readonly elicitation?: boolean;
  /** Offers the tools by which a model spends: `request_purchase` and its like. Default true. */
  readonly spend?: boolean;
  /**
   * Offers the actions of the gate that the agent may use, as tools of their names. Default false: then
   * a server starts without asking the control plane.
   */
  readonly actions?: boolean;
  /**
   * Milliseconds between two signs of life, for clients that ask for progress. Integer, 10 …
   * 60_000. Default 5_000.
   */
  readonly progressIntervalMs?: number;
}

/** The settings of the server itself, with every default in place. */
export interface ServerSettings {
  readonly waitMs: number;
  readonly runId: string | undefined;
  readonly elicitation: boolean;
  readonly spend: boolean;
  readonly actions: boolean;
  readonly progressIntervalMs: number;
}

/** The longest that whoever sets up a host may have a call wait. */
export const MAX_WAIT_MS = 3_600_000;

/** The longest that a model may have one wait: below the 60 s after which hosts cut it. */
export const MAX_ASKED_WAIT_MS = 50_000;

const DEFAULT_WAIT_MS = 45_000;

/**
 * Applies every default and checks every bound; writes into nothing.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`.
 */
export function resolveSettings(options: HoldpointMcpServerOptions): ServerSettings {
  const {
    waitMs = DEFAULT_WAIT_MS,
    runId,
    elicitation = true,
    spend = true,
    actions = false,
    progressIntervalMs = 5_000,
  } = options;
  if (runId !== undefined && (runId === "" || runId.length > 200)) {
    throw invalid("Expected runId (HOLDPOINT_MCP_RUN_ID) as a text of 1 to 200 characters.");
  }
  return {
    waitMs: boundedInteger("waitMs (HOLDPOINT_MCP_WAIT_MS)", waitMs, 0, MAX_WAIT_MS),
    runId,
    elicitation,
    spend,
    actions,
    progressIntervalMs: boundedInteger("progressIntervalMs", progressIntervalMs, 10, 60_000),
  };
}

function boundedInteger(name: string, value: number, minimum: number, maximum: number): number {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  throw invalid(`Expected ${name} as an integer from ${minimum} to ${maximum}, got ${value}.`);
}

function invalid(message: string): ConfigurationError {
  return new ConfigurationError({ code: "CONFIGURATION_INVALID", message });
}
