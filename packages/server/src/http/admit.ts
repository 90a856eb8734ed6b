import { authenticate, type PresentedCredentials } from "../auth/authenticate.js";
import { authorize } from "../auth/authorize.js";
import { assertSameOrigin } from "../auth/origin.js";
import type { Context } from "../context.js";
import type { Caller } from "../domain/caller.js";
import { ProblemError } from "../domain/problem.js";
import { addressOf } from "./address.js";
import type { HttpContext, Operation } from "./operation.js";
import { presentedBy } from "./presented.js";

/**
 * Lets a caller in to an operation, before anything of the input is read.
 *
 * @returns Who it is; `undefined` for public operations.
 * @throws {ProblemError} for whoever may not, and `RATE_LIMITED`.
 */
export async function admit(
  context: Context,
  { audience }: Operation,
  http: HttpContext,
): Promise<Caller | undefined> {
  if ("public" in audience) return undefined;
  const presented = presentedBy(http);
  const caller = await identify(context, presented, http);
  if (caller.type === "agent") await context.rateLimiter.consume("perApiKey", caller.keyId);
  else await context.rateLimiter.consume("perOperator", caller.operator.id);
  if (caller.type === "operator" && caller.via === "session") {
    assertSameOrigin(http.req.raw, context.publicUrl());
  }
  return authorize(caller, audience, presented.projectId);
}

/** Counts a refusal against the address it came from. */
async function identify(
  context: Context,
  presented: PresentedCredentials,
  http: HttpContext,
): Promise<Caller> {
  try {
    return await authenticate(context, presented);
  } catch (error) {
    if (error instanceof ProblemError) {
      await context.rateLimiter.consume("perAddress", addressOf(http));
    }
    throw error;
  }
}
