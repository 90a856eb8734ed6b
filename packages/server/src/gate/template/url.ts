import type { JsonValue } from "@holdpoint/protocol";
import { parseTemplate } from "url-template";
import { LruCache } from "../../domain/lru-cache.js";
import { refuse } from "../fault.js";
import { isScalar } from "./scalar.js";
import { readName, type Scope } from "./scope.js";

const CACHED_TEMPLATES = 500;
const templates = new LruCache<UrlTemplate>(CACHED_TEMPLATES);

interface UrlTemplate {
  readonly expand: (values: Record<string, JsonValue>) => string;
  readonly variables: readonly Variable[];
}

interface Variable {
  readonly name: string;
  /** A part of the path: without it the URL would name another thing, for example all instead of one. */
  readonly need: "none" | "text" | "present";
}

/**
 * A URI Template (RFC 6570) with its parameters, as a URL. What it may lead to is for the egress rule
 * to say.
 *
 * @throws {FaultError} `egress_refused` for a parameter that would change what the path names: absent,
 *   empty, a step up, or no text.
 */
export function expandUrl(text: string, scope: Scope): URL {
  const template = compile(text);
  const values: Record<string, JsonValue> = Object.create(null);
  for (const variable of template.variables) {
    const value = readName(variable.name, scope);
    assertUsable(variable, value);
    if (value !== undefined) values[variable.name] = value;
  }
  const expanded = expand(template, values);
  if (hasDotSegment(expanded)) {
    throw refuse("egress_refused", "Expected parameters that do not lead out of the URL's path.");
  }
  if (!URL.canParse(expanded)) {
    throw refuse("egress_refused", "Expected the URL and its parameters to make a whole URL.");
  }
  return new URL(expanded);
}

/** Compiled once: the same few templates are expanded again and again. */
function compile(text: string): UrlTemplate {
  const known = templates.get(text);
  if (known !== undefined) return known;
  const { expand } = parseTemplate(text);
  const compiled: UrlTemplate = {
    expand: expand as UrlTemplate["expand"],
    variables: listVariables(text),
  };
  templates.set(text, compiled);
  return compiled;
}

function listVariables(text: string): Variable[] {
  const query = text.search(/\{[?&#]|[?#]/);
  return [...text.matchAll(/\{([+#./;?&]?)([^{}]+)\}/g)].flatMap((expression) => {
    const [, operator = "", list = ""] = expression;
    const need = query === -1 || expression.index < query ? needOf(operator) : "none";
    return list.split(",").map((each) => ({ name: each.replace(/\*$|:\d+$/, ""), need }));
  });
}

/** `/`, `.` and `;` write their own separator, and none where the parameter is absent. */
function needOf(operator: string): Variable["need"] {
  return /^[/.;]$/.test(operator) ? "text" : "present";
}

function assertUsable({ name, need }: Variable, value: JsonValue | undefined): void {
  const texts = value === undefined || value === null ? [] : textsOf(value);
  if (texts === undefined) {
    throw refuse("egress_refused", `Expected parameter ${name} as text or texts, for the URL.`);
  }
  const isGiven = value !== undefined && value !== null;
  const isEmpty = texts.length === 0 || texts.includes("");
  if (need === "none" || !isEmpty || (need === "text" && !isGiven)) return;
  throw refuse("egress_refused", `Expected text in parameter ${name}, a part of the URL's path.`);
}

/** The texts a value is expanded to; `undefined` for what has other values inside. */
function textsOf(value: JsonValue): readonly string[] | undefined {
  if (value === null) return undefined;
  if (isScalar(value)) return [String(value)];
  const items: readonly JsonValue[] = Object.values(value);
  return items.every(isScalar) ? items.map(String) : undefined;
}

function expand(template: UrlTemplate, values: Record<string, JsonValue>): string {
  try {
    return template.expand(values);
  } catch (error) {
    // Half a surrogate pair has no UTF-8.
    if (!(error instanceof URIError)) throw error;
    throw refuse("egress_refused", "Expected well-formed Unicode in the URL's parameters.");
  }
}

/** No server decodes a path more often. */
const MAX_DECODINGS = 3;

/**
 * Whether a path has a step `.` or `..`, also one that only a server sees which decodes first (`%2e`,
 * `%2F`, twice over) or which cuts off what follows a `;`.
 */
function hasDotSegment(url: string): boolean {
  let path = url.replace(/^[a-z][a-z0-9+.-]*:/i, "").replace(/[?#].*$/s, "");
  for (let count = 0; count < MAX_DECODINGS; count += 1) {
    path = path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  return path.split(/[/\\]/).some((segment) => /^\.{1,2}(;.*)?$/s.test(segment));
}
