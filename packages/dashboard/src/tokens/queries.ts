import type { WireList, WireOperatorToken } from "@holdpoint/protocol";
import { queryOptions } from "@tanstack/react-query";
import { callServer } from "../server/call.js";

export function tokensQuery(projectId: string) {
  return queryOptions({
    queryKey: ["operator-tokens", projectId],
    queryFn: ({ signal }) =>
      callServer<WireList<WireOperatorToken>>("/v1/operator-tokens", { projectId, signal }),
  });
}

export function createToken(
  projectId: string,
  body: { readonly name: string },
): Promise<WireOperatorToken & { readonly token: string }> {
  return callServer("/v1/operator-tokens", { method: "POST", projectId, body });
}

export function revokeToken(projectId: string, tokenId: string): Promise<WireOperatorToken> {
  return callServer(`/v1/operator-tokens/${encodeURIComponent(tokenId)}/revoke`, {
    method: "POST",
    projectId,
  });
}
