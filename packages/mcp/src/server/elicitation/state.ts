import { hkdfSync } from "node:crypto";
import { createRequestStateCodec, type ServerContext } from "@modelcontextprotocol/server";

/** What a client carries from one round of a call to the next: signed, readable by it. */
export interface CallState {
  readonly id: string;
  readonly url: string;
  readonly name: string;
  /** Digest of the arguments: with others, the state is of no use. */
  readonly call: string;
}

/** Seals and opens {@link CallState}s. */
export interface StateKeeper {
  seal(state: CallState, ttlMs: number, context: ServerContext): Promise<string>;
  verify(state: string, context: ServerContext): Promise<CallState>;
}

/** What is added to a state's life, so that the request's own end comes first. */
const GRACE_SECONDS = 60;

/**
 * Signs with a key that comes from the API key alone: any process of this agent, also one started
 * later, opens what another has sealed, and nobody else's does.
 *
 * @see RFC 5869 (HKDF)
 */
export function createStateKeeper(apiKey: string): StateKeeper {
  const info = "holdpoint.mcp.request-state.v1";
  const key = new Uint8Array(hkdfSync("sha256", apiKey, new Uint8Array(), info, 32));
  const bind = (context: ServerContext) =>
    `${context.mcpReq.method}\0${context.http?.authInfo?.clientId ?? ""}`;
  const { verify } = createRequestStateCodec<CallState>({ key, bind });
  return {
    verify,
    seal(state, ttlMs, context) {
      const ttlSeconds = Math.ceil(ttlMs / 1_000) + GRACE_SECONDS;
      return createRequestStateCodec<CallState>({ key, bind, ttlSeconds }).mint(state, context);
    },
  };
}
