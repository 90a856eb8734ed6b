import type { JsonValue } from "@holdpoint/protocol";
import type { HttpProvider } from "@holdpoint/protocol/gate";
import { refuse } from "../fault.js";
import { writeForm } from "./form.js";
import { isScalar } from "./scalar.js";
import type { Scope } from "./scope.js";
import { fillValue } from "./value.js";

export interface Body {
  readonly bytes: Buffer;
  readonly contentType: string;
}

/**
 * The body with its parameters; `undefined` where there is none.
 *
 * @throws {FaultError} `egress_refused` for what the format cannot hold.
 */
export function fillBody(
  { body, body_format = "json" }: Pick<HttpProvider, "body" | "body_format">,
  scope: Scope,
): Body | undefined {
  const value = body === undefined ? undefined : fillValue(body, scope);
  if (value === undefined) return undefined;
  const { contentType, write } = FORMATS[body_format];
  return { bytes: Buffer.from(write(value)), contentType };
}

const FORMATS: Readonly<
  Record<"json" | "form" | "text", { contentType: string; write(value: JsonValue): string }>
> = {
  json: { contentType: "application/json", write: (value) => JSON.stringify(value) },
  form: { contentType: "application/x-www-form-urlencoded", write: writeForm },
  text: { contentType: "text/plain; charset=utf-8", write: writeText },
};

function writeText(value: JsonValue): string {
  if (isScalar(value)) return String(value);
  throw refuse("egress_refused", "Expected text as the body, got another type of parameter.");
}
