import {
  type Authenticated,
  authenticate,
  type PresentedCredentials,
} from "../auth/authenticate.js";
import { authorize } from "../auth/authorize.js";
import { assertSameOrigin } from "../auth/origin.js";
import { checkProof, type PresentedProof, type Proof } from "../auth/proof.js";
import type { Context } from "../context.js";
import type { Caller } from "../domain/caller.js";
import { replayDetected } from "../domain/identity/problem.js";
import { ProblemError } from "../domain/problem.js";
import { addressOf } from "./address.js";
import type { HttpContext, Operation } from "./operation.js";
import { presentedBy } from "./presented.js";

/** Who was let in, and the proof that the body is still to be held against. */
export interface Admission {
  /** `undefined` for public operations. */
  readonly caller: Caller | undefined;
  readonly proof?: Proof | undefined;
}

/**
 * Lets a caller in to an operation, before anything of the input is read.
 *
 * @throws {ProblemError} for whoever may not, and `RATE_LIMITED`.
 */
export async function admit(
  context: Context,
  operation: Operation,
  http: HttpContext,
): Promise<Admission> {
  const { audience, provesKey } = operation;
  if ("public" in audience) {
    if (provesKey !== true) return { caller: undefined };
    await context.rateLimiter.consume("perAddress", addressOf(http));
    return {
      caller: undefined,
      proof: await takeProof(context, presentedBy(http, context.publicUrl()).proof),
    };
  }
  const presented = presentedBy(http, context.publicUrl());
  const { caller, proof } = await identify(context, presented, http);
  if (caller.type === "agent") await context.rateLimiter.consume("perApiKey", quotaOf(caller));
  else await context.rateLimiter.consume("perOperator", caller.operator.id);
  if (caller.type === "operator" && caller.via === "session") {
    assertSameOrigin(http.req.raw, context.publicUrl());
  }
  const allowed = authorize(caller, audience, presented.projectId);
  if (provesKey !== true) return { caller: allowed, proof };
  return { caller: allowed, proof: proof ?? (await takeProof(context, presented.proof)) };
}

/** Of an agent's leases together: getting another does not get it more calls. */
function quotaOf({ keyId, agent, lease }: Extract<Caller, { type: "agent" }>): string {
  return lease === undefined ? keyId : agent.id;
}

/** Counts a refusal against the address it came from. */
async function identify(
  context: Context,
  presented: PresentedCredentials,
  http: HttpContext,
): Promise<Authenticated> {
  try {
    return await authenticate(context, presented);
  } catch (error) {
    if (error instanceof ProblemError) {
      await context.rateLimiter.consume("perAddress", addressOf(http));
    }
    throw error;
  }
}

/** A proof that comes without a lease: of the key that the call is about. */
async function takeProof(context: Context, presented: PresentedProof): Promise<Proof> {
  const { store, clock, proofNonces: nonces } = context;
  const proof = checkProof(presented, { now: clock.now(), nonces });
  if (!(await store.proofs.remember(proof.id, proof.forgetAt))) throw replayDetected();
  return proof;
}
