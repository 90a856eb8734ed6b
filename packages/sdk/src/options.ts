import { LIMITS, projectOfApiKey } from "@holdpoint/protocol/core";
import { ConfigurationError } from "./errors/configuration.js";
import { EncryptionError } from "./errors/encryption.js";
import type { AgentWorkspace } from "./workspace/options.js";
import { readWorkspace } from "./workspace/read.js";

/** How to reach the control plane and as whom. Every member has a default or an environment variable. */
export interface HoldpointOptions {
  /** The agent's API key (`hp_…`). Default: `HOLDPOINT_API_KEY`. */
  readonly apiKey?: string;
  /**
   * The agent's own key, in place of an API key: what {@link createAgentWorkspace} returned, or its
   * JSON. Every call of this client is proved by it then. Default: `HOLDPOINT_AGENT_KEY`, which goes
   * before `HOLDPOINT_API_KEY`.
   */
  readonly agentKey?: AgentWorkspace | string;
  /**
   * The control plane's URL. Default: `HOLDPOINT_URL`, else the socket of `HOLDPOINT_SOCKET`, else the
   * `url` of the agent's own key, else `http://localhost:4747`.
   */
  readonly baseUrl?: string;
  /** Path of the control plane's Unix socket, in place of `baseUrl`. On Node only. */
  readonly socketPath?: string;
  /**
   * Turns on end-to-end encryption: 32 random bytes as base64url (43 characters). Of several, the
   * first writes and all read. Default: `HOLDPOINT_ENCRYPTION_KEY` (several separated by commas).
   */
  readonly encryptionKey?: string | readonly string[];
  /** What this agent calls itself. Operators see it as a claim. Up to 100 characters. */
  readonly agent?: string;
  /** Such as `production`. Default: `HOLDPOINT_ENVIRONMENT`. Up to 64 characters. */
  readonly environment?: string;
  /** Retries of a call that failed for a passing reason. Integer, 0 … 10. Default 3. */
  readonly maxRetries?: number;
  /** Milliseconds one HTTP call may take. Integer, 1 … 600_000. Default 30_000. */
  readonly timeoutMs?: number;
  /** Replaces the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** Ends every call of this client when aborted. */
  readonly signal?: AbortSignal;
  /** What the shield is told of arguments beside their keys and types. Default: nothing. */
  readonly shield?: ShieldOptions;
}

/**
 * What this client looks for in arguments before it encrypts them, so that the shield can tell what
 * the control plane cannot read. A keyed hash, by which it knows the same arguments again, goes along
 * in any case: its key is random and never leaves this process.
 */
export interface ShieldOptions {
  /**
   * Makes values of another order of magnitude another shape: 40 and 4_000_000 are not the same then.
   * It reveals, also of what is encrypted, of numbers sign and magnitude, of texts about how long they
   * are, and booleans. Default false.
   */
  readonly buckets?: boolean;
  /**
   * Looks for card numbers, IBANs, e-mail addresses, private keys and access tokens, and tells which of
   * these kinds there are, never what or where. Default false.
   */
  readonly sensitive?: boolean;
}

/** The options with every default in place. */
export interface ResolvedOptions {
  /** Empty with an `agentKey`. */
  readonly apiKey: string;
  readonly agentKey: AgentWorkspace | undefined;
  readonly projectId: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Empty: no encryption. */
  readonly encryptionKeys: readonly string[];
  readonly agent: string | undefined;
  readonly environment: string | undefined;
  readonly maxRetries: number;
  readonly timeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal | undefined;
  readonly shield: Required<ShieldOptions>;
}

const DEFAULT_BASE_URL = "http://localhost:4747";
/** What the control plane knows itself by on its socket. */
const SOCKET_BASE_URL = "http://localhost";

/**
 * Applies every default and checks every bound; writes into nothing.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`.
 * @throws {EncryptionError} `ENCRYPTION_KEY_INVALID`.
 */
export function resolveOptions(options: HoldpointOptions = {}): ResolvedOptions {
  const environment = readEnvironment();
  const credential = chooseCredential(options, environment);
  return {
    ...credential,
    ...chooseAddress(options, environment, credential.agentKey),
    encryptionKeys: parseKeys(
      // Not `??`: a null that should have been a key must not mean plaintext.
      options.encryptionKey === undefined
        ? environment.HOLDPOINT_ENCRYPTION_KEY
        : options.encryptionKey,
    ),
    agent: boundedLine("agent", options.agent, LIMITS.agentLabelLength),
    environment: boundedLine(
      "environment",
      options.environment ?? (environment.HOLDPOINT_ENVIRONMENT || undefined),
      LIMITS.environmentLength,
    ),
    maxRetries: boundedInteger("maxRetries", options.maxRetries ?? 3, 0, 10),
    timeoutMs: boundedInteger("timeoutMs", options.timeoutMs ?? 30_000, 1, 600_000),
    signal: options.signal,
    shield: { buckets: false, sensitive: false, ...options.shield },
  };
}

/** Where calls go, by the same rules, for one who has no credential yet. */
export function resolveAddress(
  options: Pick<HoldpointOptions, "baseUrl" | "socketPath" | "fetch">,
): Pick<ResolvedOptions, "baseUrl" | "fetch"> {
  return chooseAddress(options, readEnvironment(), undefined);
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What is given goes before the environment, and there an agent's own key before an API key. */
function chooseCredential(
  { apiKey, agentKey }: HoldpointOptions,
  environment: Environment,
): Pick<ResolvedOptions, "apiKey" | "agentKey" | "projectId"> {
  if (apiKey !== undefined && agentKey !== undefined) {
    throw invalid("Expected one of apiKey and agentKey, got both.");
  }
  const own = agentKey ?? (apiKey === undefined && environment.HOLDPOINT_AGENT_KEY);
  if (own) {
    const workspace = readWorkspace(own);
    return { apiKey: "", agentKey: workspace, projectId: workspace.projectId };
  }
  const key = apiKey ?? environment.HOLDPOINT_API_KEY ?? "";
  return { apiKey: key, agentKey: undefined, projectId: requireProject(key) };
}

/** What is given goes before the environment, and there a URL before a socket. */
function chooseAddress(
  { baseUrl, socketPath, fetch }: HoldpointOptions,
  environment: Environment,
  agentKey: AgentWorkspace | undefined,
): Pick<ResolvedOptions, "baseUrl" | "fetch"> {
  if (baseUrl !== undefined && socketPath !== undefined) {
    throw invalid("Expected one of baseUrl and socketPath, got both.");
  }
  const given = baseUrl ?? (socketPath === undefined ? environment.HOLDPOINT_URL || undefined : "");
  const path = socketPath ?? (given === undefined && environment.HOLDPOINT_SOCKET);
  if (path) return { baseUrl: SOCKET_BASE_URL, fetch: fetchOverSocket(path, fetch) };
  return {
    baseUrl: parseBaseUrl(given ?? agentKey?.url ?? DEFAULT_BASE_URL),
    fetch: requireFetch(fetch),
  };
}

function fetchOverSocket(path: unknown, fetch: unknown): typeof globalThis.fetch {
  if (fetch !== undefined) throw invalid("Expected no fetch beside a socket, got one.");
  if (typeof path !== "string") throw invalid("Expected socketPath as the path of a socket.");
  return async (input, init) => (await import("./socket/index.js")).socketFetch(path, input, init);
}

/** Browsers and some edge runtimes have no `process`. */
function readEnvironment(): Environment {
  return globalThis.process?.env ?? {};
}

function requireProject(apiKey: unknown): string {
  const projectId = typeof apiKey === "string" ? projectOfApiKey(apiKey) : undefined;
  if (projectId !== undefined) return projectId;
  const got = apiKey === "" ? "none" : "something of another form";
  throw invalid(
    `Expected an API key of the form hp_<project>_<secret>, got ${got}. Set HOLDPOINT_API_KEY or the option apiKey; \`npx holdpoint dev\` prints one.`,
  );
}

function parseBaseUrl(text: unknown): string {
  const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : undefined;
  const clean = url && !url.username && !url.password && !url.search && !url.hash;
  if (url && clean && /^https?:$/.test(url.protocol)) {
    return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
  }
  // The text is not repeated: it may hold credentials.
  throw invalid(
    "Expected baseUrl (HOLDPOINT_URL) as an http or https URL without credentials, query or fragment, got something else.",
  );
}

/** The last character carries four bits only, so it is one of sixteen. */
const KEY_FORM = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

function parseKeys(input: unknown): readonly string[] {
  if (input === undefined) return [];
  const keys: unknown[] = typeof input === "string" ? input.split(",") : [input].flat();
  const usable = keys.filter((key): key is string => typeof key === "string" && KEY_FORM.test(key));
  // An empty text or list is refused too: a secret that failed to arrive must not mean plaintext.
  if (keys.length > 0 && usable.length === keys.length) return usable;
  throw new EncryptionError({
    code: "ENCRYPTION_KEY_INVALID",
    message:
      "Expected encryptionKey (HOLDPOINT_ENCRYPTION_KEY) as 32 bytes in base64url (43 characters), or several, got something else. Leave it unset for no encryption.",
  });
}

function boundedLine(name: string, value: unknown, maxLength: number): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && value.length > 0 && value.length <= maxLength) return value;
  throw invalid(`Expected ${name} as a text of 1 to ${maxLength} characters.`);
}

function boundedInteger(name: string, value: unknown, minimum: number, maximum: number): number {
  if (Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum) {
    return Number(value);
  }
  throw invalid(
    `Expected ${name} as an integer from ${minimum} to ${maximum}, got ${typeof value === "number" ? value : typeof value}.`,
  );
}

function requireFetch(fetch: unknown): typeof globalThis.fetch {
  if (fetch === undefined && typeof globalThis.fetch === "function") {
    // Looked up at each call: tools that replace the global later still work, and browsers
    // refuse a detached `fetch`.
    return (input, init) => globalThis.fetch(input, init);
  }
  if (typeof fetch === "function") return fetch as typeof globalThis.fetch;
  throw invalid("Expected a fetch function, got none. Pass the option fetch on this runtime.");
}

function invalid(message: string): ConfigurationError {
  return new ConfigurationError({ code: "CONFIGURATION_INVALID", message });
}
