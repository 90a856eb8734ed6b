import { HoldpointError } from "./base.js";

/** The API key is missing, unknown, revoked or expired. An administrator must act; do not retry. */
export class AuthenticationError extends HoldpointError {
  static override readonly kind: string = "AuthenticationError";
}
