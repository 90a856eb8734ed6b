import type { WireIdentity } from "@holdpoint/protocol";
import { queryOptions } from "@tanstack/react-query";
import { callServer } from "../server/call.js";
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
 * Whatever the verification answers, `/v1/me` is what says whether it worked: a redirect to an
 * error page looks like success to `fetch`.
 */
export async function redeemSignInToken(token: string): Promise<OperatorIdentity> {
  const response = await fetch(`/auth/magic-link/verify?token=${encodeURIComponent(token)}`, {
    credentials: "same-origin",
    headers: { accept: "application/json" },
  });
  const refused = !response.ok || new URL(response.url, location.href).searchParams.has("error");
  const identity = refused ? null : await fetchIdentity(new AbortController().signal);
  if (identity === null) {
    throw new ServerError({
      code: "CREDENTIAL_INVALID",
      status: response.status,
      message: "This link has been used already or has expired.",
    });
  }
  return identity;
}

export function signOut(): Promise<void> {
  return callServer<void>("/v1/sign-out", { method: "POST" });
}
