import { ProblemError } from "../domain/problem.js";

/** When a credential was last used is a convenience: its failure fails nobody's call. */
export function touch(written: Promise<void>): void {
  written.catch(() => {});
}

/** Whatever is wrong with it, in the same words. */
export function credentialInvalid(): ProblemError {
  return new ProblemError({
    code: "CREDENTIAL_INVALID",
    detail:
      "Expected a live API key, operator token or assertion by an agent's own key, got one that is unknown, revoked, expired or malformed. Make a new one.",
    headers: { "WWW-Authenticate": 'Bearer realm="holdpoint", error="invalid_token"' },
  });
}
