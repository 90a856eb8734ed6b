import { createHash, timingSafeEqual } from "node:crypto";
import {
  type AuthInfo,
  OAuthError,
  OAuthErrorCode,
  requireBearerAuth,
} from "@modelcontextprotocol/server";

/** What lets a request in: `undefined`, or the answer that turns it away. */
export type TokenGate = (request: Request) => Promise<Response | undefined>;

/** Checks `Authorization: Bearer …` against one token, in constant time. Without a token, lets all in. */
export function createTokenGate(token: string | undefined): TokenGate {
  if (token === undefined) return async () => undefined;
  const expected = digest(token);
  const verifyAccessToken = async (given: string): Promise<AuthInfo> => {
    if (timingSafeEqual(digest(given), expected)) return describeHolder(given);
    throw new OAuthError(
      OAuthErrorCode.InvalidToken,
      "The token is not the one this server wants.",
    );
  };
  const gate = requireBearerAuth({ verifier: { verifyAccessToken } });
  return async (request) => {
    const verdict = await gate(request);
    return verdict instanceof Response ? verdict : undefined;
  };
}

/** The library wants an end of life, and this token has none: it holds for the call at hand. */
function describeHolder(token: string): AuthInfo {
  return {
    token,
    clientId: "holdpoint-mcp",
    scopes: [],
    expiresAt: Math.floor(Date.now() / 1_000) + 60,
  };
}

/** Equal lengths, as the comparison wants them. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
