import { verifyKeyProof } from "@holdpoint/protocol/escrow";
import type { registerAgentKeySchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../../context.js";
import type { AgentCaller } from "../../../domain/caller.js";
import type { AgentKey } from "../../../domain/escrow-key.js";
import { faultProblem, problemOf } from "../../../domain/escrow-problem.js";
import { ProblemError } from "../../../domain/problem.js";

/**
 * Keeps a public key of the calling agent, which proves that it has the private one. The same key
 * again answers what there is.
 *
 * @throws {ProblemError} `ESCROW_MALFORMED`, `ESCROW_SIGNATURE_INVALID`, `ESCROW_KEY_UNKNOWN`;
 *   `RESOURCE_CONFLICT` when the agent has too many.
 */
export async function registerAgentKey(
  { store, clock }: Context,
  caller: AgentCaller,
  { jwk, proof }: z.output<typeof registerAgentKeySchema>,
): Promise<{ readonly key: AgentKey; readonly isNew: boolean }> {
  const { projectId, agent } = caller;
  const owner = { projectId, agentId: agent.id };
  const keyId = await verifyKeyProof(proof, jwk, owner).catch((error: unknown) => {
    throw problemOf(error, "/proof");
  });
  const given = { keyId, projectId, agent, x: jwk.x, createdAt: clock.now() };
  const result = await store.agentKeys.register(given);
  if (!("key" in result)) {
    throw result.outcome === "taken" ? faultProblem("foreign_key", "/jwk") : tooManyKeys();
  }
  return { key: result.key, isNew: result.outcome === "registered" };
}

function tooManyKeys(): ProblemError {
  return new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail: "Expected at most 100 keys of one agent. Keep a key and use it again.",
  });
}
