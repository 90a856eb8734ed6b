import type { enrolSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { P256Key } from "../../auth/jwk.js";
import { hashSecret } from "../../auth/secret.js";
import type { Context } from "../../context.js";
import { enrolmentInvalid } from "../../domain/identity/problem.js";
import type { Mint } from "../../domain/mint.js";
import { ProblemError } from "../../domain/problem.js";
import type { AgentIdentity } from "../../store/verbs/identities.js";

/**
 * Enrols the key that the call proved as an agent's own, once per code.
 *
 * @throws {ProblemError} `ENROLMENT_INVALID`; `RESOURCE_CONFLICT`: the key is enrolled already.
 */
export async function enrolAgent(
  { store, clock }: Context,
  { code }: z.output<typeof enrolSchema>,
  { thumbprint, jwk }: P256Key,
  mint: Mint,
): Promise<AgentIdentity> {
  const enrolled = await store.agentIdentities.enrol({
    id: mint.id("aid"),
    eventId: mint.id("evt"),
    codeHash: hashSecret(code),
    keyThumbprint: thumbprint,
    publicKey: jwk,
    at: clock.now(),
  });
  if (enrolled.outcome === "enrolled") return enrolled.identity;
  throw enrolled.outcome === "no_code" ? enrolmentInvalid() : keyTaken();
}

function keyTaken(): ProblemError {
  return new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail:
      "Expected a key that is nobody's yet, got one that is enrolled. Make a new key; the code can still be used.",
  });
}
