import type { ApiKeyScope, WireApiKey, WireList } from "@holdpoint/protocol";
import { queryOptions } from "@tanstack/react-query";
import { callServer } from "../server/call.js";

export function apiKeysQuery(projectId: string) {
  return queryOptions({
    queryKey: ["api-keys", projectId],
    queryFn: ({ signal }) =>
      callServer<WireList<WireApiKey>>("/v1/api-keys", { projectId, signal }),
  });
}

export type CreatedApiKey = WireApiKey & { readonly api_key: string };

export function createApiKey(
  projectId: string,
  body: {
    readonly agent: string;
    readonly scopes: readonly ApiKeyScope[];
    readonly expires_in_ms?: number;
  },
): Promise<CreatedApiKey> {
  return callServer("/v1/api-keys", { method: "POST", projectId, body });
}

export function revokeApiKey(projectId: string, keyId: string): Promise<WireApiKey> {
  return callServer(`/v1/api-keys/${encodeURIComponent(keyId)}/revoke`, {
    method: "POST",
    projectId,
  });
}
