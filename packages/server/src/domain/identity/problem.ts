import { ProblemError } from "../problem.js";

/** Carries a nonce for the next proof (RFC 9449 §8). */
export const NONCE_HEADER = "DPoP-Nonce";

export function leaseRequired(): ProblemError {
  return new ProblemError({
    code: "LEASE_REQUIRED",
    detail:
      "Expected a lease (Authorization: DPoP …) and a proof by its key (DPoP: …), got another credential. Get a lease with POST /v1/leases.",
    headers: challenge(),
  });
}

/** Unknown, revoked, frozen, forged or of another server: all in the same words. */
export function leaseInvalid(): ProblemError {
  return new ProblemError({
    code: "LEASE_INVALID",
    detail:
      "Expected a live lease of this server, got one that is unknown, revoked, of an older epoch or malformed. Get a new one with POST /v1/leases.",
    headers: challenge("invalid_token"),
  });
}

export function leaseExpired(): ProblemError {
  return new ProblemError({
    code: "LEASE_EXPIRED",
    detail:
      "Expected a lease whose time is not over. Go on with the session by POST /v1/leases with its session_id.",
    headers: challenge("invalid_token"),
  });
}

/** @param fault - What was expected of the proof, and what came, as a sentence. */
export function proofInvalid(fault: string): ProblemError {
  return new ProblemError({
    code: "PROOF_INVALID",
    detail: `${fault} Make a new proof (RFC 9449) for each call.`,
    headers: challenge("invalid_dpop_proof"),
  });
}

export function proofNonceRequired(nonce: string): ProblemError {
  return new ProblemError({
    code: "PROOF_NONCE_REQUIRED",
    detail: `Expected a proof with the nonce that this answer carries in ${NONCE_HEADER}. Make a new proof with it.`,
    headers: { ...challenge("use_dpop_nonce"), [NONCE_HEADER]: nonce },
  });
}

export function replayDetected(): ProblemError {
  return new ProblemError({
    code: "REPLAY_DETECTED",
    detail:
      "Expected a proof that was never used, got one that this server has taken before. Make a new proof, with a jti of its own, for each call.",
    headers: challenge("invalid_dpop_proof"),
  });
}

export function authorityFrozen(): ProblemError {
  return new ProblemError({
    code: "AUTHORITY_FROZEN",
    detail:
      "Expected authority that is in force; it is frozen, or was since this was approved. Nothing from before runs: an admin thaws it, then ask again.",
  });
}

export function enrolmentInvalid(): ProblemError {
  return new ProblemError({
    code: "ENROLMENT_INVALID",
    detail:
      "Expected an enrolment code that nobody has used, got one that is unknown, used or over. Ask an admin for a new one.",
  });
}

/** @see RFC 9449 §7.1 */
function challenge(error?: string): Readonly<Record<string, string>> {
  const parts = ['realm="holdpoint"', ...(error ? [`error="${error}"`] : []), 'algs="ES256"'];
  return { "WWW-Authenticate": `DPoP ${parts.join(", ")}` };
}
