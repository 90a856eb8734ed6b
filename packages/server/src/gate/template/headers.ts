import { placeholderOf } from "../../domain/gate/manifest.js";
import { refuse } from "../fault.js";
import { isScalar } from "./scalar.js";
import { readName, type Scope } from "./scope.js";

/** What a field may hold: no line break, so a parameter cannot add a field of its own (RFC 9110 §5.5). */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Headers with their parameters; one whose parameter is absent is left out. Names are in lower case.
 *
 * @throws {FaultError} `egress_refused` for a parameter that is no single line of text.
 */
export function fillHeaders(
  headers: Readonly<Record<string, string>>,
  scope: Scope,
): Record<string, string> {
  const filled: Record<string, string> = {};
  for (const [name, template] of Object.entries(headers)) {
    const parameter = placeholderOf(template);
    const value = parameter === undefined ? template : readName(parameter, scope);
    if (value === undefined) continue;
    if (!isScalar(value) || !FIELD_VALUE.test(String(value))) {
      throw refuse(
        "egress_refused",
        `Expected parameter ${parameter} as one line of text in Latin letters, for header ${name}.`,
      );
    }
    filled[name.toLowerCase()] = String(value);
  }
  return filled;
}
