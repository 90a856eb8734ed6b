import type { WireList } from "@holdpoint/protocol";
import type { WireAction, WireActionRegistration } from "@holdpoint/protocol/gate";
import { queryOptions } from "@tanstack/react-query";
import { callServer, queryText } from "../server/call.js";

/** An action as operators get it. */
export type RegisteredAction = WireAction & { readonly registration: WireActionRegistration };

/** Under the key of the requests: a call counts, and comes with live events. */
const keyOf = (projectId: string) => ["requests", projectId, "actions"] as const;

/** The actions in use. */
export function actionsQuery(projectId: string) {
  return queryOptions({
    queryKey: [...keyOf(projectId), "list"],
    queryFn: ({ signal }) =>
      callServer<WireList<RegisteredAction>>("/v1/actions", { projectId, signal }),
  });
}

/** The version of a digest, in use or withdrawn. Its manifest never changes. */
export function actionQuery(projectId: string, actionId: string, digest: string) {
  return queryOptions({
    queryKey: ["actions", projectId, actionId, digest],
    queryFn: ({ signal }) =>
      callServer<RegisteredAction>(
        `/v1/actions/${encodeURIComponent(actionId)}${queryText({ digest })}`,
        { projectId, signal },
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Every version of one, newest first. */
export function actionVersionsQuery(projectId: string, actionId: string) {
  return queryOptions({
    queryKey: [...keyOf(projectId), "versions", actionId],
    queryFn: ({ signal }) =>
      callServer<WireList<RegisteredAction>>(
        `/v1/actions/${encodeURIComponent(actionId)}/versions`,
        { projectId, signal },
      ),
  });
}

export function withdrawAction(projectId: string, actionId: string): Promise<unknown> {
  return callServer(`/v1/actions/${encodeURIComponent(actionId)}/withdraw`, {
    method: "POST",
    projectId,
  });
}
