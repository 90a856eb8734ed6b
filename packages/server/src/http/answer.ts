import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "../context.js";
import type { Mint } from "../domain/mint.js";
import { admit } from "./admit.js";
import { CallRecord } from "./call-record.js";
import { writeHeld } from "./held.js";
import { runOnce } from "./idempotency.js";
import { readInput } from "./input.js";
import type { HeldAnswer, HttpContext, Operation, Result } from "./operation.js";
import { problemOf } from "./problem.js";
import { problemResponse, toResponse } from "./response.js";

/**
 * Answers one call: who is it, may they, what do they send, do it. One plain function rather than
 * a stack of middleware, so that it is read in one go and a held call keeps nothing of it alive.
 */
export async function answer(
  context: Context,
  operation: Operation,
  http: HttpContext,
): Promise<Response> {
  const record = new CallRecord(context, operation.id);
  try {
    const result = await perform(record, operation, http);
    if (!isHeld(result)) return record.complete(respond(result, record));
    const outgoing = http.env?.outgoing;
    // Only GET: for HEAD, Hono makes a response of its own from the one we return.
    if (outgoing !== undefined && http.req.method === "GET") {
      writeHeld(result, outgoing, record);
      return RESPONSE_ALREADY_SENT;
    }
    await untilReady(result, http.req.raw.signal);
    return record.complete(toResponse(await result.make(), record.traceId));
  } catch (error) {
    const problem = problemOf(error, record.traceId, context.log);
    return record.complete(problemResponse(problem, record.traceId));
  }
}

async function perform(
  record: CallRecord,
  operation: Operation,
  http: HttpContext,
): Promise<Result> {
  const { context } = record;
  const { caller, proof } = await admit(context, operation, http);
  const { params, query, body } = await readInput(operation, http, proof);
  const provenKey = proof?.key;
  const run = (mint: Mint) =>
    operation.handle({ context, caller, params, query, body, http, mint, provenKey });
  return runOnce(record, operation, { http, caller, body }, run);
}

function respond(result: Exclude<Result, HeldAnswer>, { traceId }: CallRecord): Response {
  if (!(result instanceof Response)) return toResponse(result, traceId);
  result.headers.set("X-Trace-Id", traceId);
  return result;
}

function isHeld(result: Result): result is HeldAnswer {
  return "onReady" in result;
}

/** In process, where there is no socket to listen to. Whoever has gone is answered to nobody. */
function untilReady(held: HeldAnswer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const leave = () => {
      held.cancel();
      resolve();
    };
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    held.onReady(() => {
      signal.removeEventListener("abort", leave);
      resolve();
    });
  });
}
