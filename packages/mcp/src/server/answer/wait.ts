import { type Decision, type Holdpoint, WaitTimeoutError } from "@holdpoint/sdk";

/** What a wait in place came to. */
export type Waited =
  | { readonly decision: Decision<unknown> }
  | {
      readonly decision?: never;
      /** The control plane did not answer at the end. The request is still there. */
      readonly isAway: boolean;
    };

/** Waits for the answer, no longer than a tool call may take. */
export async function waitInPlace(
  holdpoint: Holdpoint,
  id: string,
  { waitMs, signal }: { readonly waitMs: number; readonly signal: AbortSignal },
): Promise<Waited> {
  try {
    // At least one look, also when there is no time to wait.
    const timeoutMs = Math.max(1, Math.round(waitMs));
    return { decision: await holdpoint.wait(id, { timeoutMs, signal }) };
  } catch (error) {
    if (WaitTimeoutError.isInstance(error)) return { isAway: error.cause !== undefined };
    throw error;
  }
}
