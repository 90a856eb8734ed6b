import { parsePointer } from "@holdpoint/protocol";
import type { ActionManifest, ActionVerification, SecretUse } from "@holdpoint/protocol/gate";
import type { WireMoney } from "@holdpoint/protocol/spend";
import { parseTemplate } from "url-template";
import { hasInexactNumber } from "../server/json.js";

/** The port that needs no mention: that of https. */
const HTTPS_PORT = 443;
/** What a tool of an MCP server is called with (MCP, streamable HTTP). */
const MCP_METHODS = ["POST"] as const;

/** Where an action may go. */
export interface Reach {
  /** Empty: as its module chooses. */
  readonly methods: readonly string[];
  /** Host names, each with its port where it is not that of https. */
  readonly hosts: readonly string[];
  readonly isPrivate: boolean;
}

/** `undefined`: it reaches no other machine. */
export function reachOf({ egress, provider }: ActionManifest): Reach | undefined {
  if (egress === "none") return undefined;
  const own =
    provider.type === "http" ? [provider.method] : provider.type === "mcp" ? MCP_METHODS : [];
  const ports = egress.ports ?? [HTTPS_PORT];
  return {
    methods: egress.methods ?? own,
    hosts: egress.domains.flatMap((domain) =>
      ports.map((port) => (port === HTTPS_PORT ? domain : `${domain}:${port}`)),
    ),
    isPrivate: egress.allow_private === true,
  };
}

/** What one call costs; `undefined` for nothing, or while the parameter holds no amount. */
export function costOf({ cost }: ActionManifest, parameters: unknown): WireMoney | undefined {
  if (cost === undefined) return undefined;
  const { currency, amount_minor: fixed, amount_parameter: pointer } = cost;
  const amount = fixed ?? (pointer === undefined ? undefined : memberAt(parameters, pointer));
  return Number.isSafeInteger(amount) ? { amount_minor: amount as number, currency } : undefined;
}

function memberAt(value: unknown, pointer: string): unknown {
  return parsePointer(pointer).reduce<unknown>(
    (inner, key) =>
      isObject(inner) && Object.hasOwn(inner, key) ? inner[key as never] : undefined,
    value,
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/**
 * The first line of the call as it would go out: `POST https://api.github.com/repos/acme/shop/issues`.
 * `undefined` where a module writes it, or the parameters make no address.
 */
export function requestLineOf({ provider }: ActionManifest, parameters: unknown) {
  if (provider.type === "wasm" || !isPlain(parameters)) return undefined;
  const method = provider.type === "http" ? provider.method : MCP_METHODS[0];
  // Only what the parameters themselves have: `constructor` is a name like others.
  const own = Object.assign(Object.create(null), parameters);
  try {
    return `${method} ${new URL(parseTemplate(provider.url).expand(own)).href}`;
  } catch {
    return undefined;
  }
}

/** An object without a number that a browser would write otherwise than it was sent. */
function isPlain(parameters: unknown): parameters is object {
  return isObject(parameters) && !Array.isArray(parameters) && !hasInexactNumber(parameters);
}

/** `github-token, as the header Authorization`. */
export function secretText({ name, from = "store", header, query }: SecretUse): string {
  const place = header === undefined ? `the query parameter ${query}` : `the header ${header}`;
  const source =
    from === "store" ? "" : ` (from ${from === "file" ? "a file" : "the environment"})`;
  return `${name}${source}, as ${place}`;
}

/** How one sees that it worked. */
export function verificationText(verification: ActionVerification): string {
  switch (verification.type) {
    case "none":
      return `Nobody can look: ${verification.reason}`;
    case "status":
      return `The answer's status is ${verification.statuses.join(" or ")}`;
    case "result":
      return "The output fits the schema of the result";
    case "read_back":
      return `Read back from ${verification.url}`;
  }
}

/** Who is asked before it runs. */
export function approvalText({ approval = "policy", role }: ActionManifest): string {
  if (approval === "never") return "Nobody is asked: what the policy would hold is denied";
  const who = role === undefined ? "A person" : `A person with the role ${role}`;
  return approval === "always" ? `${who}, always` : `${who}, where the policy says so`;
}
