import { ConfigurationError } from "../core.js";
import type { ClientParts } from "../late.js";
import type { Records } from "./options.js";

/** The calls behind `hp.records`. */
export function createRecords(_parts: ClientParts): Records {
  const refuse = async (): Promise<never> => {
    const message = "Expected a control plane that keeps records, got one that does not.";
    throw new ConfigurationError({ code: "CONFIGURATION_INVALID", message });
  };
  return { put: refuse, get: refuse, list: refuse, delete: refuse };
}
