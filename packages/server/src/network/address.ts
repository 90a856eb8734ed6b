import { lookup as resolveName } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

export type Resolve = typeof resolveName;

/** A name led to an address that may not be reached. */
export class AddressRefusedError extends Error {
  override readonly name = "AddressRefusedError" as const;

  constructor() {
    super("Expected a public address.");
  }
}

/** Names that mean something on private networks only. */
const PRIVATE_NAMES =
  /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa)$/;

/**
 * Resolves names for connections, and gives only addresses that may be reached: the socket connects
 * to what was checked, so a name that answers differently next time gains nothing. One address that
 * is refused refuses the name.
 *
 * @param ruleOf - Says for a host name which addresses it may lead to.
 */
export function createCheckedLookup(
  ruleOf: (hostname: string) => (address: string) => boolean,
  resolve: Resolve = resolveName,
): LookupFunction {
  return (hostname, options, callback) => {
    const isAllowed = ruleOf(hostname);
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      if (addresses.length === 0 || !addresses.every(({ address }) => isAllowed(address))) {
        return callback(new AddressRefusedError(), []);
      }
      if (options.all) return callback(null, addresses);
      const [first] = addresses;
      callback(null, first?.address ?? "", first?.family);
    });
  };
}

/** Answers on the public internet; everything special, shared, translated or unknown does not. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  if (parsed.kind() === "ipv4") return !AZURE_WIRE_SERVER.has(address);
  // Only this eighth of all addresses is given out; the rest holds, among others, `::127.0.0.1`.
  return (parsed as ipaddr.IPv6).match(GLOBAL_UNICAST);
}

/** Public in form, but answers with metadata and secrets inside of every Azure machine. */
const AZURE_WIRE_SERVER = new Set(["168.63.129.16"]);
/** @see https://www.iana.org/assignments/ipv6-address-space */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

export function isLoopbackAddress(address: string): boolean {
  return isIP(address) !== 0 && ipaddr.parse(address).range() === "loopback";
}

export function isPublicHost(hostname: string): boolean {
  const name = bareName(hostname);
  if (isIP(name) !== 0) return isPublicAddress(name);
  // A name without a dot is looked up in the search domains of whoever runs this server.
  return name.includes(".") && !PRIVATE_NAMES.test(name);
}

export function isLoopbackHost(hostname: string): boolean {
  const name = bareName(hostname);
  if (isIP(name) !== 0) return isLoopbackAddress(name);
  return name === "localhost" || name.endsWith(".localhost");
}

/** Without the brackets of IPv6 and the dot that ends a full name. */
function bareName(hostname: string): string {
  return hostname
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "")
    .toLowerCase();
}
