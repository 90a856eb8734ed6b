import type {
  changeOrganisationSchema,
  createOrganisationSchema,
} from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../context.js";
import type { OperatorCaller } from "../../domain/caller.js";
import type { Mint } from "../../domain/mint.js";
import { ProblemError } from "../../domain/problem.js";
import type { Organisation } from "../../store/verbs/organisations.js";

/**
 * Puts projects into one organisation.
 *
 * @throws {ProblemError} `RESOURCE_NOT_FOUND`: a project the caller does not administer;
 *   `RESOURCE_CONFLICT`: one that is in another organisation.
 */
export async function createOrganisation(
  { store }: Context,
  caller: OperatorCaller,
  { name, project_ids }: z.output<typeof createOrganisationSchema>,
  mint: Mint,
): Promise<Organisation> {
  assertAdministered(caller, project_ids);
  const organisation = { id: mint.id("org"), name, createdAt: mint.now };
  return assertFree(await store.organisations.create(organisation, project_ids));
}

/**
 * Changes an organisation's name, or which projects are in it.
 *
 * @throws {ProblemError} as {@link createOrganisation}, and `RESOURCE_NOT_FOUND` for one that has a
 *   project the caller does not administer.
 */
export async function changeOrganisation(
  { store }: Context,
  caller: OperatorCaller,
  organisationId: string,
  { name, project_ids }: z.output<typeof changeOrganisationSchema>,
): Promise<Organisation> {
  if (project_ids !== undefined) assertAdministered(caller, project_ids);
  const change = {
    ...(name !== undefined && { name }),
    ...(project_ids !== undefined && { projectIds: project_ids }),
  };
  const administered = administeredBy(caller);
  const changed = await store.organisations.change(organisationId, change, administered);
  if (changed !== undefined) return assertFree(changed);
  throw new ProblemError({
    code: "RESOURCE_NOT_FOUND",
    detail:
      "Expected an organisation whose every project you administer with this credential. GET /v1/organisations lists them.",
  });
}

/** Those whose every project the caller administers. */
export async function listOrganisations(
  { store }: Context,
  caller: OperatorCaller,
): Promise<readonly Organisation[]> {
  const administered = administeredBy(caller);
  const found = await store.organisations.listOfProjects(administered);
  return found.filter(({ projects }) => projects.every(({ id }) => administered.includes(id)));
}

function administeredBy({ projects }: OperatorCaller): readonly string[] {
  return projects.filter(({ roles }) => roles.includes("admin")).map(({ project }) => project.id);
}

function assertAdministered(caller: OperatorCaller, projectIds: readonly string[]): void {
  const administered = administeredBy(caller);
  const index = projectIds.findIndex((id) => !administered.includes(id));
  if (index < 0) return;
  const message = "Expected a project that you administer with this credential.";
  throw new ProblemError({
    code: "RESOURCE_NOT_FOUND",
    detail: `${message} GET /v1/me lists your projects and roles.`,
    issues: [{ path: `/project_ids/${index}`, message }],
  });
}

function assertFree(result: Organisation | "taken"): Organisation {
  if (result !== "taken") return result;
  throw new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail: "Expected projects that are in no other organisation. Take them out of theirs first.",
  });
}
