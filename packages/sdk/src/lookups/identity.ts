import { invalidResponse } from "../core.js";
import type { ClientParts } from "../late.js";
import type { CallOptions } from "../requests/options.js";
import { type Identity, readIdentity } from "../views/identity.js";

/** Asks who the API key belongs to. */
export async function fetchIdentity(
  { transport }: ClientParts,
  { signal }: CallOptions,
): Promise<Identity> {
  const identity = readIdentity(await transport.call({ method: "GET", path: "/v1/me", signal }));
  if (identity === undefined) throw invalidResponse("Expected the identity of an agent");
  return identity;
}
