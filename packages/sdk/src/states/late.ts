import { type ClientParts, loadLate } from "../late.js";
import type { StateData, States } from "./options.js";

/** The member of a client, whose code comes with the first call. */
export function loadStates(parts: ClientParts): States {
  return loadLate<States>(["park", "load"], async () =>
    (await import("./index.js")).createStates(parts),
  );
}

/** Parks what goes with a request, and gives its id; nothing for nothing. */
export async function parkState(
  parts: ClientParts,
  state: StateData | undefined,
  requestId: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (state === undefined) return undefined;
  return (await import("./index.js")).parkFor(parts, state, requestId, signal);
}
