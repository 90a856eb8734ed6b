import { isJsonObject, type JsonObject, type JsonValue, parsePointer } from "@holdpoint/protocol";
import type { ActionManifest } from "@holdpoint/protocol/gate";
import { MAX_AMOUNT_MINOR } from "@holdpoint/protocol/spend";
import type { CallCost } from "./call.js";
import { costMissing } from "./problem.js";

/**
 * What one call costs; `undefined` where the manifest names no cost.
 *
 * @throws {ProblemError} `PARAMETERS_INVALID` where the parameter that says it is no such amount.
 */
export function costOf({ cost }: ActionManifest, parameters: JsonObject): CallCost | undefined {
  if (cost === undefined) return undefined;
  const { currency, amount_minor: fixed, amount_parameter: pointer } = cost;
  if (fixed !== undefined) return { amountMinor: fixed, currency };
  const amount = pointer === undefined ? undefined : valueAt(parameters, pointer);
  if (!isAmount(amount)) throw costMissing(pointer ?? "");
  return { amountMinor: amount, currency };
}

function isAmount(value: JsonValue | undefined): value is number {
  return (
    typeof value === "number" &&
    Number.isSafeInteger(value) &&
    value >= 0 &&
    value <= Number(MAX_AMOUNT_MINOR)
  );
}

/** @see RFC 6901 §4 */
function valueAt(parameters: JsonObject, pointer: string): JsonValue | undefined {
  let value: JsonValue | undefined = parameters;
  for (const step of parsePointer(pointer)) {
    if (Array.isArray(value)) value = /^(0|[1-9]\d*)$/.test(step) ? value[Number(step)] : undefined;
    else value = isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}
