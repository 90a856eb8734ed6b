import type { ClientParts } from "../late.js";
import { loadState } from "./load.js";
import type { StateData, States } from "./options.js";
import { parkState } from "./park.js";

/** Loaded with the first state that is parked or loaded. */
export function createStates(parts: ClientParts): States {
  return {
    park: (data, options = {}) => parkState(parts, data, options),
    load: (id, options = {}) => loadState(parts, id, options),
  };
}

/**
 * Parks what goes with a request, under the request's own digits: asking again under the same id,
 * from any process, finds the same state.
 */
export async function parkFor(
  parts: ClientParts,
  state: StateData,
  requestId: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const id = `sta_${requestId.slice("req_".length)}`;
  await parkState(parts, state, { id, ...(signal && { signal }) });
  return id;
}
