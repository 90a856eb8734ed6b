import { HoldpointError } from "./base.js";

/** The client is set up wrongly (`CONFIGURATION_INVALID`). Thrown at construction; fix the options. */
export class ConfigurationError extends HoldpointError {
  static override readonly kind: string = "ConfigurationError";
}
