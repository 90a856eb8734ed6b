import type { WirePurchase } from "@holdpoint/protocol/spend";
import { Link } from "@tanstack/react-router";
import { Money } from "../money/money.js";
import { Text } from "../ui/text.js";
import { Age, Countdown } from "../ui/time.js";
import { purchaseStatusName } from "./status.js";
import { PurchaseTarget } from "./summary.js";

/** One purchase in the list; the whole row leads to its request. */
export function PurchaseRow({ purchase }: { purchase: WirePurchase }) {
  const { id, agent, category, status } = purchase;
  const paid = purchase.actual_amount ?? purchase.approved_amount ?? purchase.amount;
  return (
    <li
      data-request={id}
      className="relative grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 px-4 py-2 hover:bg-well has-[a:focus-visible]:bg-accent-wash @3xl:grid-cols-[minmax(0,1fr)_9.5rem_10rem_8.5rem_6rem]"
    >
      <Link
        to="/requests/$requestId"
        params={{ requestId: id }}
        className="min-w-0 truncate font-semibold outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
      >
        <PurchaseTarget purchase={purchase} />
        <span className="ml-2 font-normal text-soft">
          <Text maxLength={60}>{category}</Text>
        </span>
      </Link>
      <span className="text-right">
        <Money value={paid} strong={status === "pending"} />
        {paid.amount_minor !== purchase.amount.amount_minor && (
          <s className="block text-xs text-faint">
            <span className="sr-only">instead of </span>
            <Money value={purchase.amount} />
          </s>
        )}
      </span>
      <span className="col-span-2 flex gap-1.5 text-sm text-soft @3xl:contents">
        <span className="truncate">
          <Text maxLength={100}>{agent.name}</Text>
        </span>
        <span aria-hidden className="@3xl:hidden">
          ·
        </span>
        <span
          className={`truncate ${status === "pending" ? "font-semibold text-ink" : status === "rejected" ? "text-faint" : ""}`}
        >
          {purchaseStatusName(status)}
          {purchase.late && ", late"}
        </span>
        <span className="ml-auto text-faint @3xl:text-right">
          {status === "pending" && purchase.expires_at !== undefined ? (
            <Countdown until={purchase.expires_at} />
          ) : (
            <Age at={purchase.created_at} />
          )}
        </span>
      </span>
    </li>
  );
}
