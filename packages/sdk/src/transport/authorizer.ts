import type { Signals } from "./abort.js";
import type { Answer } from "./answer.js";

/** One try of a call, as it is about to go out. */
export interface Outgoing {
  readonly method: string;
  /** Whole, with its query. */
  readonly url: string;
  readonly body: string | undefined;
  /** What ends it early. */
  readonly signals: Signals;
}

/** What lets one try through. */
export interface Authorization {
  readonly headers: Readonly<Record<string, string>>;
  /** What of the headers must not come back in an error: a server or proxy may echo it. */
  readonly secrets: readonly string[];
  /**
   * Reads every answer. Where it was refused for something that can be mended at once, and so did not
   * run: what to send it with again.
   */
  review?(answer: Answer): Promise<Authorization | undefined>;
}

/** Says as whom calls go out. */
export interface Authorizer {
  authorize(outgoing: Outgoing): Promise<Authorization>;
}

/** The same token with every call (RFC 6750). */
export function bearerOf(token: string): Authorizer {
  const authorization = { headers: { authorization: `Bearer ${token}` }, secrets: [token] };
  return { authorize: async () => authorization };
}
