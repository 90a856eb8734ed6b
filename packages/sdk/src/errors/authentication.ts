import { HoldpointError } from "./base.js";

/**
 * The API key, agent key, lease or proof is missing, unknown, revoked or expired. An administrator must
 * act; do not retry.
 */
export class AuthenticationError extends HoldpointError {
  static override readonly kind: string = "AuthenticationError";
}

/** The lease's time is over, and no other was to be had (`LEASE_EXPIRED`). Connect again. */
export class LeaseExpiredError extends AuthenticationError {
  static override readonly kind: string = "LeaseExpiredError";
}

/**
 * The proof of a call was used before (`REPLAY_DETECTED`): somebody on the way has sent it twice, or a
 * proxy has. Nothing ran for this copy; whether anything ran for the other, its receipts tell.
 */
export class ReplayDetectedError extends AuthenticationError {
  static override readonly kind: string = "ReplayDetectedError";
}

/** The gate was closed by `gate.close` (`NOT_CONNECTED`). Nothing was sent. Connect again. */
export class NotConnectedError extends HoldpointError {
  static override readonly kind: string = "NotConnectedError";
}
