/** Projects whose money is one. */
export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  /** By name. */
  readonly projects: readonly { readonly id: string; readonly name: string }[];
}

/** No verb takes one project: whoever calls administers all of them. */
export interface OrganisationStore {
  /**
   * Makes an organisation, once per id: made again, it answers what there is. `taken`: a project is
   * in another already, and nothing was made.
   */
  create(
    organisation: Pick<Organisation, "id" | "name" | "createdAt">,
    projectIds: readonly string[],
  ): Promise<Organisation | "taken">;
  /**
   * Changes the name, the projects, or both. `undefined`: there is no such organisation, or it has a
   * project that is not among those administered.
   */
  change(
    organisationId: string,
    change: { readonly name?: string; readonly projectIds?: readonly string[] },
    administeredIds: readonly string[],
  ): Promise<Organisation | "taken" | undefined>;
  /** The organisation a project is in. */
  findOfProject(projectId: string): Promise<Organisation | undefined>;
  /** Those that any of these projects is in, by name. */
  listOfProjects(projectIds: readonly string[]): Promise<readonly Organisation[]>;
}
