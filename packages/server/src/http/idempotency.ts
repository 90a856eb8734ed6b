import { createHash } from "node:crypto";
import { LIMITS } from "@holdpoint/protocol";
import type { Context } from "../context.js";
import type { Caller } from "../domain/caller.js";
import { digestOf } from "../domain/digest.js";
import { type Mint, randomMint, seededMint } from "../domain/mint.js";
import { ProblemError } from "../domain/problem.js";
import type { IdempotentRun } from "../store/verbs/idempotency.js";
import type { CallRecord } from "./call-record.js";
import type { Answer, HttpContext, Operation, Result } from "./operation.js";
import { problemOf } from "./problem.js";
import { problemAnswer } from "./response.js";

export const IDEMPOTENCY_HEADER = "Idempotency-Key";
/** Says that an answer is the one given before. */
export const REPLAYED_HEADER = "Idempotent-Replayed";

/** Visible ASCII. */
const KEY = new RegExp(`^[\\x21-\\x7e]{1,${LIMITS.idempotencyKeyLength}}$`);
/** After that long, whoever was answering a call is taken for dead. */
const LEASE_MS = 60_000;
/** Answers that say nothing of the call itself: sent again, it may go otherwise. */
const PASSING_STATUSES = [401, 429];

/**
 * Runs a call that makes something, once per idempotency key: the same call again is answered what
 * the first was. Without a key it simply runs. Only for whoever has been let in, with input that
 * has been checked.
 *
 * @param run - The handler. Whatever it makes it takes from the mint, so that running it again
 *   after a crash makes the same.
 * @throws {ProblemError} `VALIDATION_FAILED` for the key; `IDEMPOTENCY_CONFLICT` for another body;
 *   `IDEMPOTENCY_IN_FLIGHT` with `Retry-After` while the first is being answered.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header
 */
export async function runOnce(
  record: CallRecord,
  operation: Operation,
  { http, caller, body }: { http: HttpContext; caller: Caller | undefined; body: unknown },
  run: (mint: Mint) => Promise<Result> | Result,
): Promise<Result> {
  const { store, clock } = record.context;
  const key = operation.idempotent === true ? readKey(http) : undefined;
  const at = clock.now();
  if (key === undefined) return run(randomMint(at));
  const begun = await store.idempotency.begin({
    id: idOf(caller, http, key),
    bodyDigest: digestOf(body ?? null),
    at,
    leaseExpiresAt: at + LEASE_MS,
  });
  if (begun.outcome === "conflict") throw keyConflict();
  if (begun.outcome === "in_flight") throw inFlight();
  if (begun.outcome === "answered") {
    const { headers, ...answer } = begun.answer;
    return { ...answer, headers: { ...headers, [REPLAYED_HEADER]: "true" } };
  }
  return answerAndRemember(record, begun.run, run);
}

async function answerAndRemember(
  { context, traceId }: CallRecord,
  run: IdempotentRun,
  handle: (mint: Mint) => Promise<Result> | Result,
): Promise<Answer> {
  const answer = await answerOf(context, traceId, () =>
    handle(seededMint(run.seed, run.createdAt)),
  );
  const isFinal = answer.status < 500 && !PASSING_STATUSES.includes(answer.status);
  try {
    if (isFinal) await context.store.idempotency.finish(run, answer);
    else await context.store.idempotency.release(run);
  } catch (error) {
    // What it did is done, and done again it would be the same.
    context.log.warn({ trace_id: traceId, err: error }, "an answer was not remembered");
  }
  return answer;
}

async function answerOf(
  { log }: Context,
  traceId: string,
  handle: () => Promise<Result> | Result,
): Promise<Answer> {
  try {
    const result = await handle();
    if (result instanceof Response || "onReady" in result) {
      throw new TypeError("Expected an operation with idempotency keys to answer JSON, at once.");
    }
    return result;
  } catch (error) {
    return problemAnswer(problemOf(error, traceId, log), traceId);
  }
}

function readKey(http: HttpContext): string | undefined {
  const key = http.req.header(IDEMPOTENCY_HEADER);
  if (key === undefined || KEY.test(key)) return key;
  const message = `Expected 1 to ${LIMITS.idempotencyKeyLength} visible ASCII characters, once.`;
  throw new ProblemError({
    code: "VALIDATION_FAILED",
    detail: `${IDEMPOTENCY_HEADER}: ${message} A random UUID is a good key.`,
    issues: [{ path: IDEMPOTENCY_HEADER, message }],
  });
}

/** The key within its scope: project, owner of the credential, method and path. */
function idOf(caller: Caller | undefined, http: HttpContext, key: string): string {
  const scope = [...ownerOf(caller), http.req.method, http.req.path, key];
  return createHash("sha256").update(JSON.stringify(scope)).digest("hex");
}

function ownerOf(caller: Caller | undefined): string[] {
  if (caller === undefined)
    throw new TypeError("Expected a caller: idempotency keys belong to one.");
  const projectId = "projectId" in caller ? caller.projectId : "";
  return [projectId, caller.type === "agent" ? caller.agent.id : caller.operator.id];
}

function keyConflict(): ProblemError {
  return new ProblemError({
    code: "IDEMPOTENCY_CONFLICT",
    detail: `Expected the body this ${IDEMPOTENCY_HEADER} was first sent with, got another. Make a new key for a new call.`,
  });
}

function inFlight(): ProblemError {
  return new ProblemError({
    code: "IDEMPOTENCY_IN_FLIGHT",
    detail: `Expected no call under way with this ${IDEMPOTENCY_HEADER}; the first is still being answered. Send it again in a second.`,
    headers: { "Retry-After": "1" },
  });
}
