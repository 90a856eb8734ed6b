import type { WireList } from "@holdpoint/protocol";
import type {
  WirePolicy,
  WirePolicyCheck,
  WirePolicyTrial,
  WireSetPolicy,
} from "@holdpoint/protocol/policy";
import type { WirePolicySuggestion } from "@holdpoint/protocol/shield";
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { callServer, queryText } from "../server/call.js";

const PAGE_SIZE = 20;

/** Every revision, the one in force first. */
export function policiesQuery(projectId: string) {
  return infiniteQueryOptions({
    queryKey: ["policies", projectId, "list"],
    queryFn: ({ pageParam, signal }) =>
      callServer<WireList<WirePolicy>>(
        `/v1/policies${queryText({ limit: PAGE_SIZE, cursor: pageParam })}`,
        { projectId, signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** What the server says of a text. The last answer stays while the next is on its way. */
export function policyCheckQuery(projectId: string, text: string) {
  return queryOptions({
    queryKey: ["policies", projectId, "check", text],
    queryFn: ({ signal }) =>
      callServer<WirePolicyCheck>("/v1/policies/check", {
        method: "POST",
        projectId,
        body: { text },
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

/** It reads the requests of a month: once in a while is often enough. */
const SUGGESTIONS_STALE_MS = 60_000;

/** What people have always approved, each with a statement that would let it through. */
export function policySuggestionsQuery(projectId: string) {
  return queryOptions({
    queryKey: ["policies", projectId, "suggestions"],
    queryFn: ({ signal }) =>
      callServer<WireList<WirePolicySuggestion>>("/v1/policy-suggestions", { projectId, signal }),
    staleTime: SUGGESTIONS_STALE_MS,
  });
}

/** Judges past requests by a text that is not in force. Changes nothing. */
export function tryPolicy(projectId: string, text: string): Promise<WirePolicyTrial> {
  return callServer("/v1/policies/try", { method: "POST", projectId, body: { text } });
}

export function setPolicy(projectId: string, body: WireSetPolicy): Promise<WirePolicy> {
  return callServer("/v1/policies", { method: "PUT", projectId, body });
}
