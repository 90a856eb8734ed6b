import { GATE_SERVICE } from "@holdpoint/protocol/gate";
import type { Context } from "../../context.js";
import type { PolicyQuestion } from "../../domain/policy/question.js";
import { SPEND_SERVICE } from "../../domain/spend/purchase.js";
import type { ListedRequest } from "../../store/store.js";
import { questionOf, spendOf } from "./question.js";

const PAGE_SIZE = 50;

/** A request that was made, and what a policy would have been asked about it. */
export interface PastRequest {
  readonly request: ListedRequest;
  readonly question: PolicyQuestion;
}

/** Puts the question of a past request again. */
export type AskAgain = (request: ListedRequest) => Promise<PolicyQuestion>;

/** Requests of all entries, newest first, from `sinceMs` on. */
export async function* listPast(
  { store }: Context,
  projectId: string,
  { sinceMs, limit }: { readonly sinceMs: number; readonly limit: number },
): AsyncGenerator<PastRequest> {
  const askAgain = await createAskAgain(store, projectId);
  let left = limit;
  let cursor: string | null | undefined;
  while (left > 0 && cursor !== null) {
    const page = await store.requests.list(projectId, {
      order: "newest",
      includePayload: true,
      limit: Math.min(left, PAGE_SIZE),
      ...(cursor !== undefined && { cursor }),
    });
    for (const request of page.items) {
      if (request.createdAt < sinceMs) return;
      yield { request, question: await askAgain(request) };
    }
    left -= page.items.length;
    cursor = page.nextCursor;
  }
}

/**
 * Of the credential that asked nothing is kept: its scopes are taken to be those that the API keys of
 * its agent have together. Of the day of a call nothing is said, for later calls count in it by now.
 */
export async function createAskAgain(
  store: Context["store"],
  projectId: string,
): Promise<AskAgain> {
  const keys = await store.apiKeys.list(projectId);
  return async (request) => {
    const own = keys.filter(({ agent }) => agent.id === request.agent.id);
    const scopes = [...new Set(own.flatMap((key) => key.scopes))];
    return questionOf(request, scopes, await costOf(store, request));
  };
}

async function costOf(
  store: Context["store"],
  { projectId, id, service }: ListedRequest,
): Promise<PolicyQuestion["spend"]> {
  if (service === SPEND_SERVICE) {
    const purchase = await store.purchases.find(projectId, id);
    return purchase && spendOf(purchase.terms);
  }
  if (service === GATE_SERVICE) return (await store.gateCalls.find(projectId, id))?.cost;
  return undefined;
}
