/** Projects whose money is one: what any of them spends counts in its organisation's budgets too. */
export interface WireOrganisation {
  readonly id: string;
  readonly name: string;
  /** By name. A project is in one organisation at most. */
  readonly projects: readonly { readonly id: string; readonly name: string }[];
  readonly created_at: string;
}

/** `POST /v1/organisations`, by an admin of each of the projects. */
export interface WireCreateOrganisation {
  readonly name: string;
  readonly project_ids: readonly string[];
}

/** `PUT /v1/organisations/:id`, by an admin of each project that is in it or is to be. */
export interface WireChangeOrganisation {
  readonly name?: string;
  /** All that are in it from now on; none dissolves it. */
  readonly project_ids?: readonly string[];
}
