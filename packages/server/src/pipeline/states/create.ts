import type { createStateSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../context.js";
import type { AgentCaller } from "../../domain/caller.js";
import { digestOf } from "../../domain/digest.js";
import { assertEnvelope } from "../../domain/envelope.js";
import { ProblemError } from "../../domain/problem.js";
import type { State } from "../../store/verbs/states.js";
import { assertStateSize } from "./load.js";

export type CreateStateInput = z.output<typeof createStateSchema>;

/**
 * Makes room for a state whose bytes will be uploaded.
 *
 * @throws {ProblemError} `ENVELOPE_INVALID`, `STATE_TOO_LARGE`, `RESOURCE_CONFLICT`.
 */
export async function createState(
  { store, clock }: Context,
  { projectId, agent }: AgentCaller,
  input: CreateStateInput,
): Promise<{ readonly state: State; readonly isNew: boolean }> {
  const { id, key, size_bytes: sizeBytes } = input;
  if (typeof key !== "string") assertEnvelope(key, { id, projectId }, "state", "/key");
  if (sizeBytes !== undefined) assertStateSize(sizeBytes);
  const made = await store.states.create({
    id,
    projectId,
    agentId: agent.id,
    createdAt: clock.now(),
    key,
    // Not the length: a process that takes the place of one that died may have more to park.
    digest: digestOf({ id, key }),
  });
  if (made.outcome === "conflict") throw idTaken();
  return { state: made.state, isNew: made.outcome === "created" };
}

function idTaken(): ProblemError {
  return new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail:
      "Expected a new state id, or exactly the body it was first sent with. Make a new id for a new state.",
  });
}
