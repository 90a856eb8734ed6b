import { ConfigurationError } from "@holdpoint/sdk";

/** Where and for whom the server listens. */
export interface HttpOptions {
  /** Default 127.0.0.1: this machine only. Any other than a loopback address needs a `token`. */
  readonly host?: string;
  /** 0 … 65_535; 0 takes a free one. Default 4748. */
  readonly port?: number;
  /** What clients send as `Authorization: Bearer …`. At least 16 characters. */
  readonly token?: string;
  /**
   * Host names that clients may call it by, beside localhost. Default: with a loopback address none;
   * else any, for the token protects it.
   */
  readonly allowedHosts?: readonly string[];
}

export interface ResolvedHttpOptions {
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
  /** `undefined`: any. */
  readonly hostNames: readonly string[] | undefined;
  /** Browsers on other sites are turned away. */
  readonly originNames: readonly string[];
}

const LOCAL = ["localhost", "127.0.0.1", "[::1]"];
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/**
 * Applies every default and checks every bound; writes into nothing.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`.
 */
export function resolveHttpOptions(options: HttpOptions): ResolvedHttpOptions {
  const { host = "127.0.0.1", port = 4748, token, allowedHosts = [] } = options;
  const isLocal = LOOPBACK.test(host);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw invalid(`Expected a port from 0 to 65535, got ${port}.`);
  }
  if (token !== undefined && token.length < 16) {
    throw invalid("Expected a token (HOLDPOINT_MCP_TOKEN) of at least 16 characters.");
  }
  if (token === undefined && !isLocal) {
    throw invalid(
      `Expected a token for the address ${host}, which others can reach, got none. Set HOLDPOINT_MCP_TOKEN, or listen on 127.0.0.1.`,
    );
  }
  const names = [...LOCAL, ...allowedHosts];
  return {
    host,
    port,
    token,
    hostNames: isLocal || allowedHosts.length > 0 ? names : undefined,
    originNames: names,
  };
}

function invalid(message: string): ConfigurationError {
  return new ConfigurationError({ code: "CONFIGURATION_INVALID", message });
}
