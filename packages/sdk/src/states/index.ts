import type { ClientParts } from "../late.js";
import { loadState } from "./load.js";
import type { States } from "./options.js";
import { parkState } from "./park.js";

/** Loaded with the first state that is parked or loaded. */
export function createStates(parts: ClientParts): States {
  return {
    park: (data, options = {}) => parkState(parts, data, options),
    load: (id, options = {}) => loadState(parts, id, options),
  };
}
