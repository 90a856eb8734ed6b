import { newOperatorToken } from "../../auth/secret.js";
import type { Context } from "../../context.js";
import { type Mint, randomMint } from "../../domain/mint.js";
import type { OperatorToken } from "../../store/store.js";

export interface OperatorTokenOptions {
  readonly name: string;
  /** Milliseconds from now. Default: the token does not expire. */
  readonly expiresInMs?: number | undefined;
}

/** Makes an operator token. Its text is in this answer and nowhere else. */
export async function createOperatorToken(
  { store, clock }: Pick<Context, "store" | "clock">,
  projectId: string,
  operatorId: string,
  options: OperatorTokenOptions,
  mint: Mint = randomMint(clock.now()),
): Promise<{ readonly token: OperatorToken; readonly text: string }> {
  const { text, secretHash, hint } = newOperatorToken(mint.secret("operator token"));
  const { now } = mint;
  const token = await store.operatorTokens.create({
    id: mint.id("tok"),
    projectId,
    operatorId,
    name: options.name,
    secretHash,
    hint,
    createdAt: now,
    ...(options.expiresInMs !== undefined && { expiresAt: now + options.expiresInMs }),
  });
  return { token, text };
}
