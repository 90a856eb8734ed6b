import type { WireExecution, WireReconcile } from "@holdpoint/protocol";
import { queryOptions } from "@tanstack/react-query";
import { callServer } from "../server/call.js";

/** Under the key of the project's requests, so that a live event brings it up to date too. */
export function executionQuery(projectId: string, executionId: string) {
  return queryOptions({
    queryKey: ["requests", projectId, "execution", executionId],
    queryFn: ({ signal }) =>
      callServer<WireExecution>(`/v1/executions/${encodeURIComponent(executionId)}`, {
        projectId,
        signal,
      }),
  });
}

/** Says what became of an execution whose outcome nobody recorded. */
export function reconcileExecution(
  projectId: string,
  executionId: string,
  body: WireReconcile,
): Promise<WireExecution> {
  return callServer(`/v1/executions/${encodeURIComponent(executionId)}/reconcile`, {
    method: "POST",
    projectId,
    body,
  });
}
