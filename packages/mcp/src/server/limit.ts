import { ConnectionError } from "@holdpoint/sdk";

/** What all but the wait itself may take: a call that hangs would end in the host's time-out. */
export const LIMIT_MS = 10_000;

/**
 * Gives `work` a signal that aborts with the given one, and when the control plane takes too long.
 *
 * @throws {ConnectionError} `CONNECTION_TIMEOUT`: it took longer than `limitMs`.
 */
export async function limitCall<Result>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
  limitMs: number = LIMIT_MS,
): Promise<Result> {
  const tooLong = AbortSignal.timeout(limitMs);
  try {
    return await work(AbortSignal.any([signal, tooLong]));
  } catch (error) {
    if (error !== tooLong.reason) throw error;
    const message = `Expected an answer from the control plane within ${limitMs / 1_000} s, got none. Whatever was asked is found again when it is asked again in the same way.`;
    throw new ConnectionError({ code: "CONNECTION_TIMEOUT", message, cause: error });
  }
}
