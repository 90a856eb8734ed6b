import type { Context } from "../../context.js";
import { assertFound } from "../../domain/found.js";
import { ProblemError } from "../../domain/problem.js";
import type { Membership } from "../../store/store.js";

/** @throws {ProblemError} `RESOURCE_NOT_FOUND` unless the operator belongs to the project. */
export async function loadMember(
  { store }: Pick<Context, "store">,
  projectId: string,
  operatorId: string,
): Promise<Membership> {
  const members = await store.operators.list(projectId);
  return assertFound(
    members.find(({ operator }) => operator.id === operatorId),
    "an operator",
  );
}

/**
 * @param now - When this invitation is made: who became a member at that very moment did so by it,
 *   and it is being run again.
 * @throws {ProblemError} `RESOURCE_CONFLICT` when this address has roles in the project already.
 */
export async function assertNoMember(
  { store }: Pick<Context, "store">,
  projectId: string,
  email: string,
  now: number,
): Promise<void> {
  const members = await store.operators.list(projectId);
  const member = members.find(({ operator }) => operator.email.toLowerCase() === email);
  if (member === undefined || member.createdAt === now) return;
  throw new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail:
      "Expected an address that is not in the project yet. Change the operator's roles, or make a new sign-in link.",
  });
}
