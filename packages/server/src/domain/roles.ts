import type { MemberCaller } from "./caller.js";
import { ProblemError } from "./problem.js";

/**
 * Whether these roles decide a request routed to `role`. An admin decides everything; a request
 * without a role takes an approver; a routed one exactly its role.
 */
export function mayDecide(roles: readonly string[], role: string | undefined): boolean {
  return roles.includes("admin") || roles.includes(role ?? "approver");
}

/** @throws {ProblemError} `ROLE_REQUIRED` when another role decides this request. */
export function assertMayDecide(caller: MemberCaller, role: string | undefined): void {
  if (mayDecide(caller.roles, role)) return;
  throw new ProblemError({
    code: "ROLE_REQUIRED",
    detail: `Expected the role ${role ?? "approver"} or admin, got ${caller.roles.join(", ")}. Ask an admin for the role.`,
  });
}

/** @throws {ProblemError} `ROLE_REQUIRED` unless the operator administers the project. */
export function assertAdmin(caller: MemberCaller): void {
  if (caller.roles.includes("admin")) return;
  throw new ProblemError({
    code: "ROLE_REQUIRED",
    detail: `Expected the role admin, got ${caller.roles.join(", ")}. Ask an admin to do this.`,
  });
}
