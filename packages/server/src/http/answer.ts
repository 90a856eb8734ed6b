import { randomUUID } from "node:crypto";
import { authenticate } from "../auth/authenticate.js";
import { authorize, PROJECT_HEADER } from "../auth/authorize.js";
import { assertSameOrigin } from "../auth/origin.js";
import type { Context } from "../context.js";
import type { Caller } from "../domain/caller.js";
import { ProblemError } from "../domain/problem.js";
import { addressOf } from "./address.js";
import { readInput } from "./input.js";
import type { Answer, HttpContext, Operation } from "./operation.js";
import { problemBody, problemOf, statusOf } from "./problem.js";

/** Headers of every answer that is data. */
const API_HEADERS = {
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
} as const;

/**
 * Answers one call: who is it, may they, what do they send, do it. One plain function rather than
 * a stack of middleware, so that a held request keeps little alive while it waits.
 */
export async function answer(
  context: Context,
  operation: Operation,
  http: HttpContext,
): Promise<Response> {
  const traceId = randomUUID();
  const startedAt = performance.now();
  const response = await respond(context, operation, http, traceId);
  const seconds = (performance.now() - startedAt) / 1_000;
  context.metrics.observeCall(operation.id, response.status, seconds);
  context.log.info(
    {
      trace_id: traceId,
      operation: operation.id,
      status: response.status,
      duration_ms: Math.round(seconds * 1_000_000) / 1_000,
    },
    "answered",
  );
  return response;
}

async function respond(
  context: Context,
  operation: Operation,
  http: HttpContext,
  traceId: string,
): Promise<Response> {
  try {
    const caller = await admit(context, operation, http);
    const { params, query, body } = await readInput(operation, http);
    const result = await operation.handle({ context, caller, params, query, body, http });
    return result instanceof Response ? mark(result, traceId) : toResponse(result, traceId);
  } catch (error) {
    return problemResponse(problemOf(error, traceId, context.log), traceId);
  }
}

/** Lets the caller in, or counts the refusal against its address. */
async function admit(
  context: Context,
  { audience }: Operation,
  http: HttpContext,
): Promise<Caller | undefined> {
  if ("public" in audience) return undefined;
  const caller = await identify(context, http);
  if (caller.type === "agent") await context.rateLimiter.consume("perApiKey", caller.keyId);
  else await context.rateLimiter.consume("perOperator", caller.operator.id);
  if (caller.type === "operator" && caller.via === "session") {
    assertSameOrigin(http.req.raw, context.publicUrl());
  }
  return authorize(caller, audience, http.req.header(PROJECT_HEADER));
}

async function identify(context: Context, http: HttpContext): Promise<Caller> {
  try {
    return await authenticate(context, http.req.raw.headers);
  } catch (error) {
    if (error instanceof ProblemError) {
      await context.rateLimiter.consume("perAddress", addressOf(http));
    }
    throw error;
  }
}

function toResponse({ status, body, headers, cookies }: Answer, traceId: string): Response {
  const plain: Record<string, string> = { ...API_HEADERS, "X-Trace-Id": traceId, ...headers };
  if (body !== undefined) plain["Content-Type"] ??= "application/json";
  const text = body === undefined ? null : JSON.stringify(body);
  if (cookies === undefined || cookies.length === 0) {
    return new Response(text, { status, headers: plain });
  }
  const all = new Headers(plain);
  for (const cookie of cookies) all.append("Set-Cookie", cookie);
  return new Response(text, { status, headers: all });
}

function mark(response: Response, traceId: string): Response {
  response.headers.set("X-Trace-Id", traceId);
  return response;
}

/** The answer to a call that failed. */
export function problemResponse(problem: ProblemError, traceId: string): Response {
  return toResponse(
    {
      status: statusOf(problem.code),
      body: problemBody(problem, traceId),
      headers: { "Content-Type": "application/problem+json", ...problem.headers },
    },
    traceId,
  );
}
