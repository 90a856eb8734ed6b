import type { JsonValue } from "@holdpoint/protocol";
import { refuse } from "../fault.js";
import { isScalar } from "./scalar.js";

/**
 * Writes an object as a form: members of members as `a[b]`, items as `a[0]`, `null` left out. What is
 * widely read so has no standard; this is the form that Stripe, PHP and Rails take.
 *
 * @throws {FaultError} `egress_refused` for what is no object, or a name that would become structure.
 */
export function writeForm(value: JsonValue): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refuse(
      "egress_refused",
      "Expected an object as the form, got another type of parameter.",
    );
  }
  const form = new URLSearchParams();
  for (const [name, member] of Object.entries(value)) append(form, name, member);
  return form.toString();
}

function append(form: URLSearchParams, name: string, value: JsonValue): void {
  if (value === null) return;
  if (isScalar(value)) {
    form.append(name, String(value));
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    if (/[[\]]/.test(key)) {
      throw refuse("egress_refused", `Expected names without brackets in ${name} of the form.`);
    }
    append(form, `${name}[${key}]`, member as JsonValue);
  }
}
