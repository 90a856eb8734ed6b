import type { LookupFunction } from "node:net";
import {
  createCheckedLookup,
  isLoopbackAddress,
  isLoopbackHost,
  isPublicAddress,
  isPublicHost,
  type Resolve,
} from "../network/address.js";

export { AddressRefusedError, isPublicAddress, type Resolve } from "../network/address.js";

/** Where webhooks may go. */
export interface AddressPolicy {
  /** Lets this machine be a receiver, over http too: for development and tests. */
  readonly allowLoopback: boolean;
}

/**
 * What keeps a URL from being a webhook's, in words for whoever sent it; `undefined` when nothing
 * does. Looks at the URL alone: what its name leads to is checked at each connection.
 *
 * The URL parser has already turned `0x7f.1`, `2130706433` and full-width digits into `127.0.0.1`.
 */
export function webhookUrlProblem(text: string, policy: AddressPolicy): string | undefined {
  if (!URL.canParse(text))
    return "Expected a whole URL, for example https://example.com/holdpoint.";
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") {
    return "Expected a URL without user name and password. The signature tells the receiver who calls.";
  }
  const isHere = policy.allowLoopback && isLoopbackHost(hostname);
  if (protocol !== "https:" && !(protocol === "http:" && isHere)) {
    return "Expected an https URL. Payloads do not travel in clear.";
  }
  if (isHere || isPublicHost(hostname)) return undefined;
  return "Expected a host on the public internet. Private, loopback and link-local addresses are refused.";
}

/** Gives connections only addresses that webhooks may reach. See {@link createCheckedLookup}. */
export function createGuardedLookup(policy: AddressPolicy, resolve?: Resolve): LookupFunction {
  const ruleOf = (hostname: string) =>
    policy.allowLoopback && isLoopbackHost(hostname) ? isLoopbackAddress : isPublicAddress;
  return createCheckedLookup(ruleOf, resolve);
}
