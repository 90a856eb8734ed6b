import { ProblemError } from "./problem.js";

/** @throws {ProblemError} `RESOURCE_NOT_FOUND` when the store has no such thing in the project. */
export function assertFound<Thing>(thing: Thing | undefined, noun: string): Thing {
  if (thing !== undefined) return thing;
  throw new ProblemError({
    code: "RESOURCE_NOT_FOUND",
    detail: `Expected the id of ${noun} of this project. List them to see their ids.`,
  });
}

/** @throws {ProblemError} `RESOURCE_CONFLICT` when the change would leave a project without admin. */
export function assertNotLastAdmin<Result>(result: Result | "last_admin"): Result {
  if (result !== "last_admin") return result;
  throw new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail: "Expected another admin to remain in the project. Make somebody else admin first.",
  });
}
