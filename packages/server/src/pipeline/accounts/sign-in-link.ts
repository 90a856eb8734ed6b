import type { Context } from "../../context.js";

export interface SignInLink {
  readonly url: string;
  readonly expiresAt: number;
}

/**
 * A link that signs an operator in once, within 15 minutes. The token stands in the fragment,
 * which browsers do not send: neither our log nor a proxy's ever sees it.
 */
export async function createSignInLink(
  { sessions, publicUrl }: Pick<Context, "sessions" | "publicUrl">,
  operator: { readonly email: string },
): Promise<SignInLink> {
  const { token, expiresAt } = await sessions.createLinkToken(operator.email);
  return { url: `${publicUrl()}/sign-in#token=${token}`, expiresAt };
}
