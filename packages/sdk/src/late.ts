import type { Cipher } from "./encryption/cipher.js";
import type { ResolvedOptions } from "./options.js";
import type { Transport } from "./transport/transport.js";

/** What the parts of a client share. */
export interface ClientParts {
  readonly options: ResolvedOptions;
  readonly transport: Transport;
  readonly cipher: Cipher;
  /**
   * Awaited before something is asked, so that what was done before it is known first. Nothing where
   * nothing waits; never rejects, and takes a second at most.
   */
  settleObserved(signal: AbortSignal | undefined): Promise<void> | undefined;
}

/** A member of the client made of asynchronous calls only, so that its code can come later. */
export type LateMember<Member> = {
  readonly [Name in keyof Member]: (...input: never) => Promise<unknown>;
};

/**
 * A member whose code is loaded with the first call.
 *
 * @param names - Every call it has.
 * @param load - Imports the code and makes the member, once: the runtime's own memory of an import
 *   costs a tenth of a millisecond to ask.
 */
export function loadLate<Member extends LateMember<Member>>(
  names: readonly (keyof Member & string)[],
  load: () => Promise<Member>,
): Member {
  let loaded: Promise<Member> | undefined;
  const call =
    (name: keyof Member & string) =>
    async (...input: unknown[]): Promise<unknown> => {
      loaded ??= load().catch((error: unknown) => {
        // A page that was offline for a moment may try again.
        loaded = undefined;
        throw error;
      });
      const run = (await loaded)[name] as unknown as (...input: unknown[]) => Promise<unknown>;
      return run(...input);
    };
  return Object.fromEntries(names.map((name) => [name, call(name)])) as unknown as Member;
}
