import { importTrustedKeys, type TrustedKeys } from "@holdpoint/protocol/receipt";
import { ConfigurationError, invalidResponse } from "../core.js";
import type { ClientParts } from "../late.js";

/** By client: its calls are made anew with each use, what it has fetched is not. */
const remembered = new WeakMap<ClientParts, TrustedKeys>();

/**
 * The control plane's keys, fetched once per client; a failure is not remembered.
 *
 * @param anew - Fetches them whatever is remembered: a key we have not heard of may be newer.
 */
export async function fetchKeys(
  parts: ClientParts,
  signal: AbortSignal | undefined,
  { anew = false } = {},
): Promise<{ readonly keys: TrustedKeys; readonly isFresh: boolean }> {
  const known = remembered.get(parts);
  if (known !== undefined && !anew) return { keys: known, isFresh: false };
  const path = "/.well-known/jwks.json";
  const jwks = await parts.transport.call({ method: "GET", path, signal });
  const keys = await importTrustedKeys(jwks).catch((cause: unknown) => {
    throw invalidResponse("Expected the keys of a control plane", { cause });
  });
  remembered.set(parts, keys);
  return { keys, isFresh: true };
}

/** @throws {ConfigurationError} `CONFIGURATION_INVALID`: what was given are no keys. */
export async function readKeys(jwks: unknown): Promise<TrustedKeys> {
  try {
    return await importTrustedKeys(jwks);
  } catch (cause) {
    throw new ConfigurationError({
      code: "CONFIGURATION_INVALID",
      message: `The option keys is not usable. ${(cause as Error).message} Save /.well-known/jwks.json of the control plane, and pass its JSON.`,
      cause,
    });
  }
}
