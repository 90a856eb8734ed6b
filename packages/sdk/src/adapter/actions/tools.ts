import { ConfigurationError, type Holdpoint, LIMITS, requireInteger } from "../../core.js";
import type { GateAction } from "../../gate/options.js";
import { createCaller } from "./caller.js";
import type { ActionTool, GateActionsOptions } from "./options.js";

const WAIT_MS = 20_000;

/**
 * The actions this agent may use at the gate, as tools for models. Asks for them once; ask again for
 * those that were added since.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: `include` names an action it may not use.
 * @throws what `gate.actions` throws.
 */
export async function gateActions(
  hp: Holdpoint,
  options: GateActionsOptions = {},
): Promise<readonly ActionTool[]> {
  const waitMs = requireInteger("waitMs", options.waitMs ?? WAIT_MS, 0, LIMITS.maxTimeoutMs);
  const { signal } = options;
  const actions = choose(await hp.gate.actions(signal && { signal }), options);
  const call = createCaller(hp, { ...options, waitMs });
  return actions.map((action) => ({
    name: action.id,
    title: action.title,
    description: action.description,
    parameters: action.parameters,
    risk: action.risk,
    call: (input, one = {}) => call(action, input, one),
  }));
}

function choose(
  actions: readonly GateAction[],
  { include, exclude = [] }: GateActionsOptions,
): readonly GateAction[] {
  const missing = include?.find((name) => !actions.some(({ id }) => id === name));
  if (missing === undefined) {
    return actions.filter(({ id }) => (include?.includes(id) ?? true) && !exclude.includes(id));
  }
  throw new ConfigurationError({
    code: "CONFIGURATION_INVALID",
    message: `Expected include to name actions that this agent may use, got ${missing}. It may use: ${actions.map(({ id }) => id).join(", ") || "none"}.`,
  });
}
