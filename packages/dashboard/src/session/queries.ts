import type { WireIdentity } from "@holdpoint/protocol";
import { queryOptions } from "@tanstack/react-query";
import { callServer, queryText } from "../server/call.js";
import { isServerError, ServerError } from "../server/error.js";

export type OperatorIdentity = Extract<WireIdentity, { type: "operator" }>;

/** Who is signed in; `null` when nobody is. */
export const identityQuery = queryOptions({
  queryKey: ["identity"],
  queryFn: ({ signal }) => fetchIdentity(signal),
  staleTime: 60_000,
});

async function fetchIdentity(signal: AbortSignal): Promise<OperatorIdentity | null> {
  try {
    const identity = await callServer<WireIdentity>("/v1/me", { signal });
    return identity.type === "operator" ? identity : null;
  } catch (error) {
    if (isServerError(error) && error.status === 401) return null;
    throw error;
  }
}

/**
 * Trades a one-time sign-in token for a session cookie.
 *
 * @throws {ServerError} `CREDENTIAL_INVALID`: the link was used, has expired or never was.
 */
export async function redeemSignInToken(token: string): Promise<OperatorIdentity> {
  await callServer(`/auth/magic-link/verify${queryText({ token })}`);
  const identity = await fetchIdentity(new AbortController().signal);
  if (identity !== null) return identity;
  throw new ServerError({
    code: "RESPONSE_INVALID",
    status: 401,
    message: "The link was taken, but the browser kept no session. Are cookies allowed here?",
  });
}

export function signOut(): Promise<void> {
  return callServer<void>("/v1/sign-out", { method: "POST" });
}
