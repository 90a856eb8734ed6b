import type { ApiKeyScope } from "@holdpoint/protocol";
import type { HttpBindings } from "@hono/node-server";
import type { Context as HonoContext } from "hono";
import type { z } from "zod";
import type { P256Key } from "../auth/jwk.js";
import type { Context } from "../context.js";
import type { AgentCaller, MemberCaller, OperatorCaller } from "../domain/caller.js";
import type { Mint } from "../domain/mint.js";

/**
 * What an operator needs: `identity` a sign-in, `session` a browser session, `member` any role in
 * the project, `admin` that role.
 */
export type OperatorMinimum = "identity" | "session" | "member" | "admin";

/**
 * What an agent needs: a scope, whatever it comes with (`gate` also by a scope for a single action),
 * `any` scope at all, a `lease`, or what leases are got with: a `credential` of its own.
 */
export type AgentMinimum = ApiKeyScope | "any" | "lease" | "credential";

/** Who may call an operation. What is not named here is refused. */
export type Audience =
  | { readonly public: true }
  | { readonly agent?: AgentMinimum; readonly operator?: OperatorMinimum };

type CallerOf<Who extends Audience> =
  | (Who extends { readonly agent: string } ? AgentCaller : never)
  | (Who extends { readonly operator: "member" | "admin" } ? MemberCaller : never)
  | (Who extends { readonly operator: "identity" | "session" } ? OperatorCaller : never)
  | (Who extends { readonly public: true } ? undefined : never);

export type HttpContext = HonoContext<{ Bindings: Partial<HttpBindings> }>;

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** Everything a handler works with, proved and parsed. */
export interface Call<Who extends Audience, Params, Query, Body, Proves = undefined> {
  readonly context: Context;
  readonly caller: CallerOf<Who>;
  readonly params: Output<Params>;
  readonly query: Output<Query>;
  readonly body: Output<Body>;
  readonly http: HttpContext;
  /** Where what is made gets its time, ids and secrets. */
  readonly mint: Mint;
  /** The key that the call proved to hold, where the operation asks for that. */
  readonly provenKey: Proves extends true ? P256Key : undefined;
}

/** A JSON answer. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
}

/** An answer that comes later. Keeps little while it is held. */
export interface HeldAnswer {
  /** Calls back once, when {@link make} has something to say. */
  onReady(callback: () => void): void;
  make(): Promise<Answer>;
  /** The client has gone; nothing is to be made. */
  cancel(): void;
}

/** What a handler gives back. A whole `Response` is for what is not JSON. */
export type Result = Answer | HeldAnswer | Response;

export interface ResponseDescription {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Default `application/json`. */
  readonly contentType?: string;
}

export type Method = "get" | "post" | "put" | "patch" | "delete";

interface OperationSpec<Who extends Audience, Params, Query, Body, Proves = undefined> {
  /** Unique; also the `operationId`. */
  readonly id: string;
  readonly tag: string;
  readonly method: Method;
  /**
   * With OpenAPI's `{name}` for parameters; `{name*}` at the end takes all that is left, slashes
   * included, for which OpenAPI has no word.
   */
  readonly path: string;
  readonly audience: Who;
  readonly summary: string;
  readonly description?: string;
  readonly params?: Params;
  /** Absent: any query parameter is refused. */
  readonly query?: Query;
  readonly body?: Body;
  readonly example?: unknown;
  /**
   * Takes an `Idempotency-Key`. The handler may then be run again after a crash with the same mint
   * and must make the same of it, once.
   */
  readonly idempotent?: true;
  /** A proof (`DPoP`) is due with any credential, and with none: the call is about its key. */
  readonly provesKey?: Proves;
  readonly responses: Readonly<Record<number, ResponseDescription>>;
  handle(call: Call<Who, Params, Query, Body, Proves>): Promise<Result> | Result;
}

/** An operation in the one list, its types erased. */
export interface Operation
  extends Omit<OperationSpec<Audience, unknown, unknown, unknown, true>, "handle"> {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  handle(call: unknown): Promise<Result> | Result;
}

/** Declares one HTTP operation: its route, who may call it, what goes in and out, what it does. */
export function operation<
  const Who extends Audience,
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
  Proves extends true | undefined = undefined,
>(spec: OperationSpec<Who, Params, Query, Body, Proves>): Operation {
  return spec as unknown as Operation;
}
