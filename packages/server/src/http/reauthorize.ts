import { authenticateAgain, type PresentedCredentials } from "../auth/authenticate.js";
import { authorize } from "../auth/authorize.js";
import type { Context } from "../context.js";
import type { Audience } from "./operation.js";

/**
 * Asks again whether a caller is allowed somewhere, when credentials have changed since `epoch`: a
 * key revoked while its call was held gets nothing.
 *
 * @param epoch - `credentialEpoch.value` when the call was let in; `undefined` asks in any case.
 * @throws {ProblemError} as the first time.
 */
export async function reauthorize(
  context: Context,
  audience: Exclude<Audience, { readonly public: true }>,
  presented: PresentedCredentials,
  epoch?: number,
): Promise<void> {
  if (epoch === context.credentialEpoch.value) return;
  authorize(await authenticateAgain(context, presented), audience, presented.projectId);
}
