import { linkHost } from "../ui/link-host.js";
import { Text } from "../ui/text.js";
import { payeeHost } from "./payee.js";

/** Who is paid, as the agent names it, with the host that really is meant. */
export function PayeeText({ payee, link = false }: { payee: string; link?: boolean }) {
  const host = payeeHost(payee);
  const href = link ? linkHost(payee) : undefined;
  return (
    <>
      <Text maxLength={255}>{payee}</Text>
      {host !== undefined && host !== payee && href === undefined && (
        <span className="block text-sm text-soft">
          host <code className="font-mono [overflow-wrap:anywhere]">{host}</code>
        </span>
      )}
      {href !== undefined && (
        <a
          href={payee}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="block text-sm text-accent underline"
        >
          open at {href} ↗
        </a>
      )}
    </>
  );
}
