import type { WireList, WireOperator } from "@holdpoint/protocol";
import { queryOptions } from "@tanstack/react-query";
import { callServer } from "../server/call.js";

export interface SignInLink {
  readonly url: string;
  readonly expires_at: string;
}

export function operatorsQuery(projectId: string) {
  return queryOptions({
    queryKey: ["operators", projectId],
    queryFn: ({ signal }) =>
      callServer<WireList<WireOperator>>("/v1/operators", { projectId, signal }),
  });
}

export function inviteOperator(
  projectId: string,
  body: { readonly email: string; readonly name?: string; readonly roles: readonly string[] },
): Promise<WireOperator & { readonly sign_in: SignInLink }> {
  return callServer("/v1/operators", { method: "POST", projectId, body });
}

export function changeRoles(
  projectId: string,
  operatorId: string,
  roles: readonly string[],
): Promise<WireOperator> {
  return callServer(pathOf(operatorId), { method: "PATCH", projectId, body: { roles } });
}

export function removeOperator(projectId: string, operatorId: string): Promise<void> {
  return callServer(pathOf(operatorId), { method: "DELETE", projectId });
}

export function createSignInLink(projectId: string, operatorId: string): Promise<SignInLink> {
  return callServer(`${pathOf(operatorId)}/sign-in-link`, { method: "POST", projectId });
}

function pathOf(operatorId: string): string {
  return `/v1/operators/${encodeURIComponent(operatorId)}`;
}
