import { isIP } from "node:net";
import { escapePointerSegment, type JsonObject, type JsonValue } from "@holdpoint/protocol";

/** A variable of a URI Template. */
export interface UrlVariable {
  readonly name: string;
  /** Without it the URL would name another thing, or none. */
  readonly isNeeded: boolean;
}

const EXPRESSION = /\{([+#./;?&]?)([^{}]*)\}/g;
const VARIABLES = /^[A-Za-z0-9_%.]+(\*|:[1-9]\d{0,3})?(,[A-Za-z0-9_%.]+(\*|:[1-9]\d{0,3})?)*$/;

/**
 * The variables of a URI Template; `undefined` for what is none.
 *
 * @see RFC 6570 §2
 */
export function urlVariables(template: string): readonly UrlVariable[] | undefined {
  if (/[{}]/.test(template.replace(EXPRESSION, ""))) return undefined;
  const expressions = [...template.matchAll(EXPRESSION)];
  if (!expressions.every(([, , list = ""]) => VARIABLES.test(list))) return undefined;
  const pathEnd = template.search(/\{[?&#]|[?#]/);
  return expressions.flatMap(({ index, 1: operator = "", 2: list = "" }) => {
    const isInPath = pathEnd === -1 || index < pathEnd;
    const isNeeded = isInPath && !/[/.;]/.test(operator);
    return list.split(",").map((each) => ({ name: each.replace(/\*$|:\d+$/, ""), isNeeded }));
  });
}

/** Where a URI Template leads, as far as its own text says. */
export type Destination =
  | { readonly kind: "fixed"; readonly url: URL }
  /** Parameters choose the host. `scheme` where they do not choose that as well. */
  | { readonly kind: "chosen"; readonly scheme?: string }
  | { readonly kind: "nowhere" };

export function destinationOf(template: string): Destination {
  const expressionAt = template.indexOf("{");
  const literal = expressionAt === -1 ? template : template.slice(0, expressionAt);
  const [origin] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\\]*/i.exec(literal) ?? [];
  // Only these operators begin with a sign that ends the host.
  const mayGrow = origin === literal && !/^(\{[/?#]|$)/.test(template.slice(literal.length));
  if (mayGrow || (expressionAt !== -1 && /^([a-z][a-z0-9+.-]*:\/?)?$/i.test(literal))) {
    const [scheme] = /^[a-z][a-z0-9+.-]*:/i.exec(literal) ?? [];
    return { kind: "chosen", ...(scheme !== undefined && { scheme: scheme.toLowerCase() }) };
  }
  if (origin === undefined || !URL.canParse(origin)) return { kind: "nowhere" };
  return { kind: "fixed", url: new URL(origin) };
}

/**
 * Whether a host is one of an egress rule's: the name itself, or what is below it for `*.` and a name,
 * which that name itself is not. The URL parser has turned `0x7f.1`, `2130706433` and full-width digits
 * into `127.0.0.1` before.
 */
export function isWithin(hostname: string, domain: string): boolean {
  if (!domain.startsWith("*.")) return hostname === domain;
  const suffix = domain.slice(1);
  return isIP(hostname) === 0 && hostname.endsWith(suffix) && hostname.length > suffix.length;
}

/** The name in a text that is exactly `{name}`. */
export function placeholderOf(text: string): string | undefined {
  return /^\{([^{}]+)\}$/.exec(text)?.[1];
}

/** Every text of a JSON value that stands for a parameter, with the JSON Pointer to it. */
export function listPlaceholders(
  value: JsonValue,
  path: string,
): readonly { readonly path: string; readonly name: string }[] {
  if (typeof value === "string") {
    const name = placeholderOf(value);
    return name === undefined ? [] : [{ path, name }];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    listPlaceholders(member as JsonValue, `${path}/${escapePointerSegment(key)}`),
  );
}

/** What a schema of objects says of a member, and whether every valid object has it. */
export function propertyOf(
  schema: JsonObject,
  name: string,
): { readonly schema: JsonObject; readonly isRequired: boolean } | undefined {
  const { properties, required } = schema;
  if (!isObject(properties) || !Object.hasOwn(properties, name)) return undefined;
  const property = properties[name];
  return {
    schema: isObject(property) ? property : {},
    isRequired: Array.isArray(required) && required.includes(name),
  };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
