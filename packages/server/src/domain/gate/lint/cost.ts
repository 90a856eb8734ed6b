import { formatPointer, type JsonObject, parsePointer } from "@holdpoint/protocol";
import type { ActionManifest } from "@holdpoint/protocol/gate";
import { propertyOf } from "../manifest.js";
import { error, type Finding } from "./finding.js";

/** Whatever the parameters are, they name an amount that can be counted. */
export function checkCost({ cost, parameters }: ActionManifest): readonly Finding[] {
  if (cost?.amount_parameter === undefined) return [];
  const path = "/cost/amount_parameter";
  const steps = parsePointer(cost.amount_parameter);
  let schema: JsonObject = parameters;
  for (const [index, step] of steps.entries()) {
    const property = propertyOf(schema, step);
    const place = formatPointer(steps.slice(0, index + 1));
    if (property === undefined) return [error(path, `Expected ${place} among the parameters.`)];
    if (!property.isRequired) {
      return [
        error(path, `Expected ${place} to be required: a call without it would cost nothing.`),
      ];
    }
    schema = property.schema;
  }
  const { type, minimum, exclusiveMinimum } = schema;
  if (type !== "integer") {
    return [error(path, "Expected a parameter of type integer: an amount in minor units.")];
  }
  if (isAtLeastZero(minimum) || isAtLeastZero(exclusiveMinimum)) return [];
  return [error(path, "Expected a parameter with minimum 0 or more: no call gives money back.")];
}

function isAtLeastZero(bound: unknown): boolean {
  return typeof bound === "number" && bound >= 0;
}
