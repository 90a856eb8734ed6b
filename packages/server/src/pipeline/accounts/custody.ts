import type { Context } from "../../context.js";
import type { MemberCaller } from "../../domain/caller.js";
import { ProblemError } from "../../domain/problem.js";

/**
 * A sign-in link opens every project of its operator. So an admin may hand one out only for an
 * operator whose projects are all administered by the credential at hand; otherwise inviting
 * somebody's address would be a way into the projects that person has elsewhere.
 *
 * @throws {ProblemError} `PERMISSION_DENIED`.
 */
export async function assertMayHandOutLink(
  { store }: Pick<Context, "store">,
  caller: MemberCaller,
  operatorId: string,
): Promise<void> {
  const administered = new Set(
    caller.projects.filter(({ roles }) => roles.includes("admin")).map(({ project }) => project.id),
  );
  const memberships = await store.operators.listMemberships(operatorId);
  if (memberships.every(({ projectId }) => administered.has(projectId))) return;
  throw new ProblemError({
    code: "PERMISSION_DENIED",
    detail:
      "Expected an operator of projects that you administer with this credential; a sign-in link would open others too. Ask whoever runs the control plane for a link.",
  });
}
