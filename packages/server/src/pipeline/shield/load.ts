import type { Context } from "../../context.js";
import type { MemberCaller } from "../../domain/caller.js";
import { ProblemError } from "../../domain/problem.js";
import type { StoredShieldProfile } from "../../store/verbs/shield.js";

/**
 * The profile of a service in an environment.
 *
 * @throws {ProblemError} `RESOURCE_NOT_FOUND`: nothing of it was ever observed or asked in this project.
 */
export async function loadProfile(
  { store }: Pick<Context, "store">,
  { projectId }: MemberCaller,
  service: string,
  environment = "",
): Promise<StoredShieldProfile> {
  const profile = await store.shield.findProfile({ projectId, service, environment });
  if (profile !== undefined) return profile;
  throw new ProblemError({
    code: "RESOURCE_NOT_FOUND",
    detail: `Expected a service that the shield has seen ${
      environment === "" ? "without an environment" : "in this environment"
    }. GET /v1/shield lists them with theirs; the first step of a service makes its profile.`,
  });
}
