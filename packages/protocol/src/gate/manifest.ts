import type { JsonObject, JsonValue } from "../json.js";
import type { WireMoney } from "../spend/wire.js";
import type { Priority } from "../wire.js";

/** Who is asked before an action runs, beside what the policy says. */
export const ACTION_APPROVALS = ["policy", "always", "never"] as const;
export type ActionApproval = (typeof ACTION_APPROVALS)[number];

export const HTTP_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

/**
 * What an action is, before anybody runs it: what it takes, what it reaches, with which secrets, and
 * how one sees that it worked. It is known by the digest of its canonical JSON, and never changes:
 * another text is another version.
 */
export interface ActionManifest {
  /** Also its name as a model's tool: lower-case letters, digits, `-` and `_`. */
  readonly id: string;
  /** For example `1.0.0` (Semantic Versioning 2.0.0). */
  readonly version: string;
  readonly title: string;
  /** What it does, for models and for people. */
  readonly description: string;
  readonly risk: Priority;
  /**
   * `policy` (default): as the policy says. `always`: a person, whatever the policy lets through.
   * `never`: nobody is asked, so what the policy would hold is denied.
   */
  readonly approval?: ActionApproval;
  /** The role that approves where no policy names one. */
  readonly role?: string;
  /** JSON Schema 2020-12 of its parameters, an object. */
  readonly parameters: JsonObject;
  /** JSON Schema 2020-12 of its output. */
  readonly result?: JsonObject;
  readonly provider: ActionProvider;
  /** What one call costs, counted against the budget of the lease and of the agent's day. */
  readonly cost?: ActionCost;
  readonly egress: ActionEgress;
  readonly secrets?: readonly SecretUse[];
  /** Milliseconds of the whole run. Default 30,000. */
  readonly timeout_ms?: number;
  /** Bytes it may send. Default 262,144. */
  readonly max_request_bytes?: number;
  /** Bytes of an answer it reads. Default 262,144. */
  readonly max_response_bytes?: number;
  /** The header in which the receiver looks for a key, the same for every try of one call. */
  readonly idempotency?: { readonly header: string };
  readonly verification: ActionVerification;
  /** JSON Pointers (RFC 6901) to what of the output is neither kept nor answered. */
  readonly redact?: readonly string[];
  /** Whether the agent gets the output. Default true. */
  readonly returns_output?: boolean;
}

export type ActionProvider = HttpProvider | McpProvider | WasmProvider;

/** One HTTP call. */
export interface HttpProvider {
  readonly type: "http";
  readonly method: HttpMethod;
  /** A URI Template (RFC 6570) over the parameters. */
  readonly url: string;
  /** Values are text, or `{name}` for the parameter of that name. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * JSON in which a string that is exactly `{name}` stands for that parameter, as it is, and `{*}` for
   * all of them. A member whose parameter is absent is left out. No other text is looked into.
   */
  readonly body?: JsonValue;
  /** How the body is written. Default `json`. */
  readonly body_format?: "json" | "form" | "text";
}

/** A tool of an MCP server that answers over streamable HTTP. */
export interface McpProvider {
  readonly type: "mcp";
  readonly url: string;
  readonly tool: string;
  /** As the body of {@link HttpProvider}. Default `{*}`. */
  readonly arguments?: JsonValue;
}

/**
 * A WebAssembly module that writes the request, and may read the answer; the gate sends it. The module
 * itself reaches no network, file, clock or secret.
 */
export interface WasmProvider {
  readonly type: "wasm";
  /** `sha256:<hex>` of the module's bytes. */
  readonly module: string;
  /** Pages of 64 KiB it may use. Default 256. */
  readonly memory_pages?: number;
}

/** Exactly one of the two amounts. */
export interface ActionCost {
  readonly currency: WireMoney["currency"];
  readonly amount_minor?: number;
  /** JSON Pointer to the parameter, an integer in minor units. */
  readonly amount_parameter?: string;
}

/** Where an action may go. */
export type ActionEgress = "none" | EgressRule;

export interface EgressRule {
  /** Host names; `*.example.com` for those below it, which does not include `example.com`. */
  readonly domains: readonly string[];
  /** Default: the provider's own. */
  readonly methods?: readonly HttpMethod[];
  /** Default 443, and 80 nowhere. */
  readonly ports?: readonly number[];
  /**
   * Lets it reach this machine and private networks, over plain HTTP too. For development: a control
   * plane that does not allow it as a whole refuses such a manifest.
   */
  readonly allow_private?: boolean;
}

/** A secret, by name, and where it is put into the call. */
export interface SecretUse {
  readonly name: string;
  /** Default `store`: kept by the control plane. The others are named by whoever runs it. */
  readonly from?: "store" | "environment" | "file";
  /** Exactly one of the two. */
  readonly header?: string;
  readonly query?: string;
  /** Text before it, for example `Bearer `. */
  readonly prefix?: string;
}

/** How the gate sees that an action has had its effect. */
export type ActionVerification =
  /** Nobody can look, and why. */
  | { readonly type: "none"; readonly reason: string }
  /** The answer's status is one of these. */
  | { readonly type: "status"; readonly statuses: readonly number[] }
  /** The output is valid by `result`. */
  | { readonly type: "result" }
  /** Another call shows it. */
  | {
      readonly type: "read_back";
      /** A URI Template over the parameters and, as `output.<member>`, the members of the output. */
      readonly url: string;
      /** What has to be found there: JSON Pointer into the answer, and a value or `{name}`. */
      readonly expect: readonly { readonly pointer: string; readonly value: JsonValue }[];
    };
