import { typeidUnboxed } from "typeid-js";
import type { Context } from "../../context.js";

export interface BootstrapOptions {
  readonly email: string;
  readonly name: string;
  readonly projectName: string;
}

/**
 * Makes the first project and its admin. Called again with the same address, it answers the
 * operator's first project instead.
 */
export async function bootstrap(
  { store, clock }: Pick<Context, "store" | "clock">,
  { email, name, projectName }: BootstrapOptions,
): Promise<{
  readonly projectId: string;
  readonly operatorId: string;
  readonly created: boolean;
}> {
  const now = clock.now();
  const operator = await store.operators.ensure({
    id: typeidUnboxed("usr"),
    email: email.toLowerCase(),
    name,
    createdAt: now,
  });
  const project = { id: typeidUnboxed("prj"), name: projectName, createdAt: now };
  const { projectId, created } = await store.projects.ensureFirst(project, operator.id);
  return { projectId, operatorId: operator.id, created };
}
