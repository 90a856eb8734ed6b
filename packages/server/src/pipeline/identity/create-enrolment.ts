import { API_KEY_SCOPES, LIMITS } from "@holdpoint/protocol";
import type { createEnrolmentSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import { newEnrolmentCode } from "../../auth/secret.js";
import type { Context } from "../../context.js";
import { operatorActor } from "../../domain/actor.js";
import type { MemberCaller } from "../../domain/caller.js";
import type { Mint } from "../../domain/mint.js";
import type { Enrolment } from "../../store/verbs/identities.js";

/** Lets an agent enrol a key of its own, once. The code is in this answer and nowhere else. */
export async function createEnrolment(
  { store }: Context,
  { projectId, operator }: MemberCaller,
  input: z.output<typeof createEnrolmentSchema>,
  mint: Mint,
): Promise<{ readonly enrolment: Enrolment; readonly code: string }> {
  const { text: code, secretHash: codeHash } = newEnrolmentCode(mint.secret("enrolment code"));
  const enrolment = await store.agentIdentities.createEnrolment({
    id: mint.id("enr"),
    projectId,
    agentName: input.agent,
    newAgentId: mint.id("agt"),
    codeHash,
    scopes: [...new Set(input.scopes ?? API_KEY_SCOPES)].sort(),
    createdAt: mint.now,
    createdBy: operatorActor(operator),
    expiresAt: mint.now + (input.expires_in_ms ?? LIMITS.defaultEnrolmentMs),
  });
  return { enrolment, code };
}
