import { API_KEY_SCOPES, type ApiKeyScope } from "@holdpoint/protocol";
import { newApiKey } from "../../auth/secret.js";
import type { Context } from "../../context.js";
import { type Mint, randomMint } from "../../domain/mint.js";
import type { ApiKey } from "../../store/store.js";

export interface ApiKeyOptions {
  /** The agent's name; the agent is made when the project has none of this name. */
  readonly agent: string;
  /** Default: all scopes. */
  readonly scopes?: readonly ApiKeyScope[] | undefined;
  /** Milliseconds from now. Default: the key does not expire. */
  readonly expiresInMs?: number | undefined;
}

/** Makes an API key. Its text is in this answer and nowhere else. */
export async function createApiKey(
  { store, clock }: Pick<Context, "store" | "clock">,
  projectId: string,
  options: ApiKeyOptions,
  mint: Mint = randomMint(clock.now()),
): Promise<{ readonly key: ApiKey; readonly text: string }> {
  const { text, secretHash, hint } = newApiKey(projectId, mint.secret("api key"));
  const { now } = mint;
  const key = await store.apiKeys.create({
    id: mint.id("key"),
    projectId,
    agentName: options.agent,
    newAgentId: mint.id("agt"),
    secretHash,
    hint,
    scopes: [...new Set(options.scopes ?? API_KEY_SCOPES)],
    createdAt: now,
    ...(options.expiresInMs !== undefined && { expiresAt: now + options.expiresInMs }),
  });
  return { key, text };
}
