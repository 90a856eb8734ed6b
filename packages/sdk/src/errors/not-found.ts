import { HoldpointError } from "./base.js";

/** There is no such thing for this API key (another agent's request counts as absent). Do not retry. */
export class NotFoundError extends HoldpointError {
  static override readonly kind: string = "NotFoundError";
}
