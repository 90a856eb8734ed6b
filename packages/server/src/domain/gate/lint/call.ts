import type { ActionManifest, HttpProvider } from "@holdpoint/protocol/gate";
import { placeholderOf, propertyOf } from "../manifest.js";
import { error, type Finding } from "./finding.js";

/** Whether the call is one that can be made. */
export function checkCall({ provider, parameters }: ActionManifest): readonly Finding[] {
  if (provider.type !== "http" || provider.body === undefined) return [];
  const { method, body, body_format: format = "json" } = provider;
  if (method === "GET" || method === "HEAD") {
    return [error("/provider/body", `Expected no body with ${method}: no service reads it.`)];
  }
  if (format === "form" && !isForm(body)) {
    return [error("/provider/body", "Expected an object: its members are the fields of the form.")];
  }
  if (format === "text" && !isText(body, parameters)) {
    return [error("/provider/body", "Expected text, or {name} of a parameter that is text.")];
  }
  return [];
}

function isForm(body: HttpProvider["body"]): boolean {
  return body === "{*}" || (typeof body === "object" && body !== null && !Array.isArray(body));
}

function isText(body: HttpProvider["body"], parameters: ActionManifest["parameters"]): boolean {
  if (typeof body !== "string" || body === "{*}") return false;
  const name = placeholderOf(body);
  const property = name === undefined ? undefined : propertyOf(parameters, name);
  return property === undefined || isScalar(property.schema.type);
}

/** An undeclared type, and an undeclared parameter, are for others to say. */
function isScalar(type: unknown): boolean {
  return type !== "object" && type !== "array";
}
