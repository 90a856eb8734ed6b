import type { AgentCaller, Caller, MemberCaller, OperatorCaller } from "../domain/caller.js";
import { leaseRequired } from "../domain/identity/problem.js";
import { reachesGate } from "../domain/identity/scopes.js";
import { ProblemError } from "../domain/problem.js";
import { assertAdmin } from "../domain/roles.js";
import type { AgentMinimum, Audience, OperatorMinimum } from "../http/operation.js";
import { isOwnKey } from "./assertion.js";

/** Names the project an operator acts in, when the session reaches several. */
export const PROJECT_HEADER = "Holdpoint-Project";

/**
 * Whether this caller may use an operation, before anything of the input is read.
 *
 * @throws {ProblemError} `PERMISSION_DENIED`, `SCOPE_MISSING`, `ROLE_REQUIRED`, `PROJECT_REQUIRED`,
 *   `RESOURCE_NOT_FOUND` for a project the operator does not belong to.
 */
export function authorize(
  caller: Caller,
  audience: Exclude<Audience, { readonly public: true }>,
  projectId: string | undefined,
): Caller {
  if (caller.type === "agent") return authorizeAgent(caller, audience.agent);
  if (audience.operator === undefined) throw notForOperators();
  return authorizeOperator(caller, audience.operator, projectId);
}

function authorizeAgent(caller: AgentCaller, minimum: AgentMinimum | undefined): AgentCaller {
  if (minimum === undefined) {
    throw new ProblemError({
      code: "PERMISSION_DENIED",
      detail:
        "Expected an operator, got an agent's credential. Agents ask; only people decide and administer.",
    });
  }
  if (minimum === "credential") return authorizeCredential(caller);
  if (minimum === "lease") {
    if (caller.lease === undefined) throw leaseRequired();
    return caller;
  }
  if (isOwnKey(caller)) {
    throw new ProblemError({
      code: "PERMISSION_DENIED",
      detail:
        "Expected a lease or an API key, got an agent's own key. Get a lease with it by POST /v1/leases.",
    });
  }
  if (!hasScope(caller, minimum)) throw scopeMissing(caller, minimum);
  return caller;
}

/** A lease gets no other: whoever takes one over has it for its own time only. */
function authorizeCredential(caller: AgentCaller): AgentCaller {
  if (caller.lease !== undefined) {
    throw new ProblemError({
      code: "PERMISSION_DENIED",
      detail:
        "Expected an API key or an agent's own key, got a lease. Leases are got by the credential behind them.",
    });
  }
  if (!hasScope(caller, "gate")) throw scopeMissing(caller, "gate");
  return caller;
}

function hasScope(
  { scopes }: AgentCaller,
  minimum: Exclude<AgentMinimum, "lease" | "credential">,
): boolean {
  if (minimum === "any") return true;
  return minimum === "gate" ? reachesGate(scopes) : scopes.includes(minimum);
}

function scopeMissing({ scopes }: AgentCaller, scope: string): ProblemError {
  return new ProblemError({
    code: "SCOPE_MISSING",
    detail: `Expected an API key with the scope ${scope}, got ${scopes.join(", ")}. Make a key with it.`,
  });
}

function authorizeOperator(
  caller: OperatorCaller,
  minimum: OperatorMinimum,
  projectId: string | undefined,
): OperatorCaller {
  if (minimum === "identity") return caller;
  if (minimum === "session") return authorizeSession(caller);
  const member = joinProject(caller, projectId);
  if (minimum === "admin") assertAdmin(member);
  return member;
}

function authorizeSession(caller: OperatorCaller): OperatorCaller {
  if (caller.via === "session") return caller;
  throw new ProblemError({
    code: "PERMISSION_DENIED",
    detail: "Expected a browser session, got an operator token. Revoke the token instead.",
  });
}

function joinProject(caller: OperatorCaller, projectId: string | undefined): MemberCaller {
  const [only, ...others] = caller.projects;
  if (projectId === undefined && (only === undefined || others.length > 0)) {
    throw new ProblemError({
      code: "PROJECT_REQUIRED",
      detail: `Expected the header ${PROJECT_HEADER} with one of the projects of GET /v1/me; this operator has ${caller.projects.length}.`,
    });
  }
  const joined =
    projectId === undefined
      ? only
      : caller.projects.find(({ project }) => project.id === projectId);
  if (joined === undefined) {
    throw new ProblemError({
      code: "RESOURCE_NOT_FOUND",
      detail: `Expected a project of this operator in ${PROJECT_HEADER}. GET /v1/me lists them.`,
    });
  }
  return { ...caller, projectId: joined.project.id, roles: joined.roles };
}

function notForOperators(): ProblemError {
  return new ProblemError({
    code: "PERMISSION_DENIED",
    detail: "Expected an agent's API key, got an operator. Only agents make and cancel requests.",
  });
}
