import { EscrowError, type EscrowFault, type EscrowStatus } from "@holdpoint/protocol/escrow";
import { ProblemError } from "./problem.js";

export function escrowNotFound(): ProblemError {
  return new ProblemError({
    code: "ESCROW_NOT_FOUND",
    detail:
      "Expected the id of an escrow that this credential can see. Check the id, the project and the agent.",
  });
}

export function escrowIdConflict(): ProblemError {
  return new ProblemError({
    code: "REQUEST_ID_CONFLICT",
    detail:
      "Expected a new escrow and request id, or exactly the escrow they were first sent with. Sign a new opening.",
  });
}

/** The step cannot follow where the escrow stands. */
export function escrowConflict(status: EscrowStatus, expected: string): ProblemError {
  return new ProblemError({
    code: "ESCROW_CONFLICT",
    detail: `Expected an escrow that is ${expected}; this one is ${status}. Read it again.`,
  });
}

/** What moves its money otherwise would leave the payee with a promise and nothing behind it. */
export function onlyByItsSteps(): ProblemError {
  return new ProblemError({
    code: "ESCROW_CONFLICT",
    detail:
      "Expected the escrow's own steps: what it holds is neither run, confirmed nor refunded like another purchase. Use POST /v1/escrows/{id}/release or /dispute.",
  });
}

/** Whoever asked a person cannot take back what both wait for. */
export function disputeStands(): ProblemError {
  return new ProblemError({
    code: "ESCROW_CONFLICT",
    detail: "Expected a person's answer: a dispute cannot be withdrawn. Wait for the decision.",
  });
}

/** The signed amount and terms are what was agreed. */
export function escrowNotEditable(): ProblemError {
  const message = "Expected no edit: both agents' signatures are over exactly this.";
  return new ProblemError({
    code: "PATCH_INVALID",
    detail: `${message} Approve it unchanged, or reject it.`,
    issues: [{ path: "/patched_payload", message }],
  });
}

export function payeeInvalid(message: string): ProblemError {
  return new ProblemError({
    code: "ESCROW_PAYEE_INVALID",
    detail: message,
    issues: [{ path: "/step", message }],
  });
}

/** What the protocol's verifier refuses, said of the body. */
export function problemOf(error: unknown, path = "/step"): unknown {
  if (!(error instanceof EscrowError)) return error;
  const { code, message } = error;
  return new ProblemError({ code, detail: message, issues: [{ path, message }] });
}

export function faultProblem(fault: EscrowFault, path = "/step"): ProblemError {
  return problemOf(new EscrowError(fault), path) as ProblemError;
}
