import type { WireRequest } from "@holdpoint/protocol";
import type { WireMoney, WirePurchase } from "@holdpoint/protocol/spend";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Contents } from "../encryption/contents.js";
import { StoppedNotice } from "../kill-switches/stopped-notice.js";
import { Money } from "../money/money.js";
import type { ApprovalPlan } from "../requests/draft.js";
import { explainError, isServerError } from "../server/error.js";
import { canDecide } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Fact } from "../ui/fact.js";
import { Text } from "../ui/text.js";
import { Age, Countdown } from "../ui/time.js";
import { Checks } from "./checks.js";
import { Claims } from "./claims.js";
import { afterLowering } from "./lowering.js";
import { PayeeText } from "./payee-text.js";
import { purchaseQuery } from "./queries.js";
import { RefundDialog } from "./refund-dialog.js";
import { holdText, purchaseStatusName } from "./status.js";

export interface PurchasePanelProps {
  readonly request: WireRequest;
  readonly contents: Contents | undefined;
  readonly plan: ApprovalPlan | undefined;
}

/** The money of a request that is a purchase; nothing where it is none. */
export function PurchasePanel(props: PurchasePanelProps) {
  const { project } = useSession();
  const { request } = props;
  const query = useQuery({
    ...purchaseQuery(project.id, request.id),
    enabled: request.service === "spend",
  });
  if (request.service !== "spend" || isServerError(query.error, "PURCHASE_NOT_FOUND")) return null;
  return (
    <>
      {request.status === "PENDING" && <StoppedNotice agentId={request.agent.id} />}
      <section aria-label="Purchase" className="rounded-md border border-line bg-panel">
        {query.isPending && <p className="p-4 text-faint">Loading…</p>}
        {query.isError && !query.data && (
          <p className="p-4 text-soft">{explainError(query.error)}</p>
        )}
        {query.data && <Loaded purchase={query.data} {...props} />}
      </section>
    </>
  );
}

function Loaded({ purchase, contents, plan }: PurchasePanelProps & { purchase: WirePurchase }) {
  const { merchant_name: merchant, payee, category, policy_check: check, x402 } = purchase;
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3 px-4 py-3">
        <Amount purchase={purchase} />
        <Remaining purchase={purchase} plan={plan} />
      </div>
      <dl className="grid grid-cols-2 gap-x-8 gap-y-2 border-t border-line px-4 py-2.5 sm:flex sm:flex-wrap">
        {merchant !== undefined && (
          <Fact name="Merchant" claimed>
            <strong>
              <Text maxLength={255}>{merchant}</Text>
            </strong>
          </Fact>
        )}
        {payee !== undefined && (
          <Fact name="Payee" claimed={x402 === undefined} className="max-sm:col-span-2">
            <PayeeText payee={payee} />
          </Fact>
        )}
        <Fact name="Category" claimed>
          <Text maxLength={60}>{category}</Text>
        </Fact>
        <Fact name="Ledger">
          <strong>{holdText(purchase)}</strong>
          <LedgerTime purchase={purchase} />
        </Fact>
        {purchase.external_id !== undefined && (
          <Fact name="Payment reference" claimed>
            <code className="font-mono text-sm">
              <Text maxLength={255}>{purchase.external_id}</Text>
            </code>
          </Fact>
        )}
        {purchase.receipt_url !== undefined && (
          <Fact name="Seller's receipt" claimed className="max-sm:col-span-2">
            <PayeeText payee={purchase.receipt_url} link />
          </Fact>
        )}
        {x402 !== undefined && (
          <Fact name="HTTP 402 at" claimed className="max-sm:col-span-2">
            <PayeeText payee={x402.resource_url} />
            <span className="block font-mono text-sm text-soft">
              <Text maxLength={100}>{`${x402.scheme} on ${x402.network}`}</Text>
            </span>
          </Fact>
        )}
      </dl>
      <Claims contents={contents} />
      <Checks check={check} />
      <Refund purchase={purchase} />
    </>
  );
}

/** What it is about now: the amount paid, else approved, else asked for. */
function Amount({ purchase }: { purchase: WirePurchase }) {
  const { amount, approved_amount: approved, actual_amount: paid, status } = purchase;
  const now = paid ?? approved ?? amount;
  const before = paid !== undefined ? (approved ?? amount) : amount;
  return (
    <div>
      <p className="text-2xl leading-tight font-semibold">
        <Money value={now} />
      </p>
      <p className="text-soft">
        {purchaseStatusName(status)}
        {before.amount_minor !== now.amount_minor && (
          <>
            , <Money value={before} /> {paid === undefined ? "asked for" : "approved"}
          </>
        )}
        {purchase.refunded_amount !== undefined && purchase.refunded_amount.amount_minor > 0 && (
          <>
            , <Money value={purchase.refunded_amount} /> refunded
          </>
        )}
      </p>
    </div>
  );
}

function Remaining({ purchase, plan }: { purchase: WirePurchase; plan: ApprovalPlan | undefined }) {
  const { budget_remaining: left, hold } = purchase;
  const lowered = afterLowering(purchase, plan);
  const counted = hold === "HELD" || hold === "SETTLED";
  return (
    <div className="sm:text-right">
      <p className="eyebrow">{counted ? "Left in the budget after it" : "Left in the budget"}</p>
      {left === null ? (
        <p className="text-soft">No budget is set: only policies limit.</p>
      ) : (
        <p className="text-xl leading-tight font-semibold">
          <Money value={lowered?.left ?? left} />
        </p>
      )}
      {lowered !== undefined && (
        <p className="text-sm text-accent">
          with the amount lowered to <Money value={lowered.amount} strong />
        </p>
      )}
    </div>
  );
}

function LedgerTime({ purchase }: { purchase: WirePurchase }) {
  const { hold, hold_expires_at: until, confirmed_at: confirmed } = purchase;
  if (confirmed !== undefined) {
    return (
      <span className="block text-sm text-soft">
        confirmed <Age at={confirmed} />
      </span>
    );
  }
  if (hold !== "HELD" || until === undefined) return null;
  return (
    <span className="block text-sm text-soft">
      unless confirmed, <Countdown until={until} />
    </span>
  );
}

function Refund({ purchase }: { purchase: WirePurchase }) {
  const { roles } = useSession();
  const [open, setOpen] = useState(false);
  const rest = refundableOf(purchase);
  if (rest === undefined || !canDecide(roles, undefined)) return null;
  return (
    <div className="border-t border-line px-4 py-2.5">
      <Button onClick={() => setOpen(true)}>Refund…</Button>
      {open && <RefundDialog purchase={purchase} rest={rest} onClose={() => setOpen(false)} />}
    </div>
  );
}

/** What may still be given back of a purchase that was paid; `undefined` for nothing. */
function refundableOf(purchase: WirePurchase): WireMoney | undefined {
  const { hold, amount, approved_amount: approved, actual_amount: paid } = purchase;
  if (hold !== "SETTLED") return undefined;
  const { amount_minor: spent, currency } = paid ?? approved ?? amount;
  const rest = spent - (purchase.refunded_amount?.amount_minor ?? 0);
  return rest > 0 ? { amount_minor: rest, currency } : undefined;
}
