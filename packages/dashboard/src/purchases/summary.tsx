import type { WireRequest } from "@holdpoint/protocol";
import type { WirePurchase } from "@holdpoint/protocol/spend";
import { useQuery } from "@tanstack/react-query";
import { Money } from "../money/money.js";
import { useSession } from "../session/session.js";
import { Text } from "../ui/text.js";
import { payeeHost } from "./payee.js";
import { purchaseQuery } from "./queries.js";

/** Who is paid, by the best name there is; a host in its ASCII form, so that look-alikes show. */
export function PurchaseTarget({ purchase }: { purchase: WirePurchase }) {
  const { merchant_name: merchant, payee, category } = purchase;
  const paid = payee === undefined ? category : (payeeHost(payee) ?? payee);
  return <Text maxLength={100}>{merchant ?? paid}</Text>;
}

/** `cloud · €380.00 left`, for rows. */
export function PurchaseLine({ purchase }: { purchase: WirePurchase }) {
  const { category, budget_remaining: left } = purchase;
  return (
    <span className="font-sans">
      <Text maxLength={60}>{category}</Text>
      <span aria-hidden> · </span>
      {left === null ? (
        "no budget set"
      ) : (
        <>
          <Money value={left} strong /> left after it
        </>
      )}
    </span>
  );
}

/** What would be paid, where a request is decided without its page. */
export function PurchaseSummary({ request }: { request: WireRequest }) {
  const { project } = useSession();
  const { data: purchase } = useQuery({
    ...purchaseQuery(project.id, request.id),
    enabled: request.service === "spend",
  });
  if (purchase === undefined) return null;
  return (
    <p className="flex flex-wrap items-baseline gap-x-3 border-b border-line px-3 py-1.5">
      <span className="text-lg">
        <Money value={purchase.amount} strong />
      </span>
      <span>
        to <PurchaseTarget purchase={purchase} />
      </span>
      <span className="text-sm text-soft">
        <PurchaseLine purchase={purchase} />
      </span>
    </p>
  );
}
