import { LIMITS } from "@holdpoint/protocol";
import type { Context } from "../../context.js";
import type { AgentCaller } from "../../domain/caller.js";
import { ProblemError } from "../../domain/problem.js";
import type { State } from "../../store/verbs/states.js";

/**
 * A state of this agent as it stands. Where its bytes go straight to a storage host, this is where
 * we learn that they have arrived.
 *
 * @throws {ProblemError} `STATE_NOT_FOUND`, also for states of others; `STATE_TOO_LARGE`.
 */
export async function loadState(
  { store, blobs, clock }: Context,
  caller: AgentCaller,
  stateId: string,
): Promise<State> {
  const state = await store.states.find(caller.projectId, stateId);
  if (state === undefined || state.agentId !== caller.agent.id) throw stateNotFound();
  if (state.uploadedAt !== undefined || state.deletedAt !== undefined) return state;
  const sizeBytes = await blobs.size(state);
  if (sizeBytes === undefined) return state;
  assertStateSize(sizeBytes);
  const at = clock.now();
  await store.states.markUploaded(state, { sizeBytes, at });
  return { ...state, sizeBytes, uploadedAt: at };
}

/** @throws {ProblemError} `STATE_TOO_LARGE`. */
export function assertStateSize(sizeBytes: number): void {
  if (sizeBytes <= LIMITS.stateBytes) return;
  throw new ProblemError({
    code: "STATE_TOO_LARGE",
    detail: `Expected a state of at most ${LIMITS.stateBytes} bytes once encrypted. Park what is needed to go on, and keep large data where it is.`,
  });
}

export function stateNotFound(): ProblemError {
  return new ProblemError({
    code: "STATE_NOT_FOUND",
    detail:
      "Expected the id of a state that this agent has parked and that is still kept. Check the id, the project and the agent; states are deleted some time after their request.",
  });
}
