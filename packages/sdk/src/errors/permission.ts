import { HoldpointError } from "./base.js";

/** The API key is known but may not do this. An administrator must act; do not retry. */
export class PermissionDeniedError extends HoldpointError {
  static override readonly kind: string = "PermissionDeniedError";
}
