import { authenticate } from "../auth/authenticate.js";
import { authorize, PROJECT_HEADER } from "../auth/authorize.js";
import type { Context } from "../context.js";
import type { HttpContext, Operation } from "./operation.js";

/**
 * Asks again whether the caller is allowed here, when credentials have changed since `epoch`: a
 * key revoked while its call was held gets nothing.
 *
 * @param epoch - `credentialEpoch.value` when the call was let in; `undefined` asks in any case.
 * @throws {ProblemError} as the first time.
 */
export async function reauthorize(
  context: Context,
  { audience }: Operation,
  http: HttpContext,
  epoch?: number,
): Promise<void> {
  if ("public" in audience || epoch === context.credentialEpoch.value) return;
  const caller = await authenticate(context, http.req.raw.headers);
  authorize(caller, audience, http.req.header(PROJECT_HEADER));
}
