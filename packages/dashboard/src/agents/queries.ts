import type { WireAgent, WireList } from "@holdpoint/protocol";
import type {
  WireAgentDetails,
  WireAgentIdentity,
  WireAgentLimits,
  WireCreateEnrolment,
  WireEnrolment,
} from "@holdpoint/protocol/gate";
import { queryOptions } from "@tanstack/react-query";
import { callServer } from "../server/call.js";

/** The project's agents. */
export function agentsQuery(projectId: string) {
  return queryOptions({
    queryKey: ["agents", projectId],
    queryFn: ({ signal }) => callServer<WireList<WireAgent>>("/v1/agents", { projectId, signal }),
  });
}

/** What one may do and has done. Under the key of the requests: a call counts, and comes live. */
export function agentQuery(projectId: string, agentId: string) {
  return queryOptions({
    queryKey: ["requests", projectId, "agents", agentId],
    queryFn: ({ signal }) => callServer<WireAgentDetails>(pathOf(agentId), { projectId, signal }),
  });
}

/** Sets all of them: what is absent is not limited any more. */
export function setAgentLimits(
  projectId: string,
  agentId: string,
  body: WireAgentLimits,
): Promise<unknown> {
  return callServer(`${pathOf(agentId)}/limits`, { method: "PUT", projectId, body });
}

export function createEnrolment(
  projectId: string,
  body: WireCreateEnrolment,
): Promise<WireEnrolment> {
  return callServer("/v1/enrolments", { method: "POST", projectId, body });
}

export function revokeIdentity(projectId: string, identityId: string): Promise<WireAgentIdentity> {
  return callServer(`/v1/agent-identities/${encodeURIComponent(identityId)}/revoke`, {
    method: "POST",
    projectId,
  });
}

function pathOf(agentId: string): string {
  return `/v1/agents/${encodeURIComponent(agentId)}`;
}
