import { ValidationError } from "@holdpoint/sdk";
import type { Gate, GatedCall } from "@holdpoint/sdk/adapter";
import type { ToolRegistry } from "./parts.js";

/**
 * Puts questions with the schemas of the tools, also for a turn that was parked, whose calls come
 * without.
 *
 * Arguments that do not fit, or are no JSON, are asked without a schema: the run has stopped at them
 * already, and needs an answer to go on. Whatever it is, the tool then refuses them, nothing runs,
 * and the model reads what to correct.
 */
export function createHold({ hold }: Gate, { schemas }: ToolRegistry): Gate["hold"] {
  return async ({ schema, ...call }: GatedCall, given) => {
    try {
      return await hold({ ...call, schema: schema ?? schemas.get(call.tool) }, given);
    } catch (error) {
      if (ValidationError.isInstance(error) && error.code === "PAYLOAD_INVALID") {
        return hold(call, given);
      }
      throw error;
    }
  };
}
