import type { Problem } from "@holdpoint/protocol";
import { HoldpointError, type HoldpointErrorDetails } from "./base.js";

/** The call contradicts what is there, for example an id already used for something else. */
export class ConflictError extends HoldpointError {
  static override readonly kind: string = "ConflictError";
}

/** The request has its answer already (`ALREADY_DECIDED`); `current` says which and by whom. */
export class AlreadyDecidedError extends ConflictError {
  static override readonly kind: string = "AlreadyDecidedError";

  /** The answer that stands. A hint for people; read the request to act on it. */
  readonly current?: NonNullable<Problem["current"]>;

  constructor(details: HoldpointErrorDetails & { readonly current?: Problem["current"] }) {
    super(details);
    if (details.current !== undefined) this.current = details.current;
  }
}

/**
 * The key, or what it is made of, was used for something else before (`IDEMPOTENCY_CONFLICT`).
 * Nothing was made. Use another key, or repeat exactly what was asked under this one.
 */
export class IdempotencyConflictError extends ConflictError {
  static override readonly kind: string = "IdempotencyConflictError";
}

/**
 * The grant does not let this run: `GRANT_INVALID`, `GRANT_EXPIRED`, `NOT_APPROVED` or
 * `ARGUMENTS_CHANGED`. Ask again.
 */
export class GrantError extends ConflictError {
  static override readonly kind: string = "GrantError";
}
