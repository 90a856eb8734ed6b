import { linkHost } from "../ui/link-host.js";

/**
 * The host that is paid, where a payee is a web address or a domain: in its ASCII form, so that
 * look-alike letters show. `undefined` for accounts and addresses.
 */
export function payeeHost(payee: string): string | undefined {
  if (/^https?:/i.test(payee)) return linkHost(payee);
  return /^[^\s/@:]+\.[^\s/@:.]{2,}$/u.test(payee) ? linkHost(`https://${payee}`) : undefined;
}
