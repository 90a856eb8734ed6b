import type { ValidationIssue } from "@holdpoint/protocol";
import { HoldpointError, type HoldpointErrorDetails } from "./base.js";

/** The input is not usable. The caller must change it; `issues` says where. */
export class ValidationError extends HoldpointError {
  static override readonly kind: string = "ValidationError";

  /** One entry per fault: a JSON Pointer and what was expected. Empty when it is not about a place. */
  readonly issues: readonly ValidationIssue[];

  constructor(details: HoldpointErrorDetails) {
    super(details);
    this.issues = details.issues ?? [];
  }
}
