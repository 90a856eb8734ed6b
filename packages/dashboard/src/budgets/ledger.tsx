import type { LedgerKind, WireLedgerEntry } from "@holdpoint/protocol/spend";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Money } from "../money/money.js";
import { ReceiptButton } from "../requests/receipt-button.js";
import { explainError } from "../server/error.js";
import { useSession } from "../session/session.js";
import { ShowMore } from "../ui/show-more.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
import { ledgerQuery } from "./queries.js";

const KINDS: Readonly<Record<LedgerKind, string>> = {
  allocate: "Budget set",
  reserve: "Held",
  adjust: "Lowered",
  settle: "Spent",
  release: "Given back",
  expire: "Hold ran out",
  refund: "Refunded",
  late: "Spent late",
  escrow: "Moved to escrow",
};

/** Every movement of a budget, newest first. */
export function Ledger({ budgetId }: { budgetId: string }) {
  const { project } = useSession();
  const query = useInfiniteQuery(ledgerQuery(project.id, budgetId));
  const entries = query.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <section aria-label="Ledger" className="min-w-0 space-y-1">
      <h3 className="eyebrow">Ledger</h3>
      {query.isPending && <p className="text-faint">Loading…</p>}
      {query.isError && <p className="text-soft">{explainError(query.error)}</p>}
      {query.isSuccess && entries.length === 0 && (
        <p className="text-soft">Nothing has moved yet.</p>
      )}
      <ol className="divide-y divide-line">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
      <ShowMore query={query} />
    </section>
  );
}

function Entry({ entry }: { entry: WireLedgerEntry }) {
  const { kind, from, to, amount, actor, at, request_id: requestId, receipt_id: receipt } = entry;
  const name = Object.hasOwn(KINDS, kind) ? KINDS[kind] : kind;
  return (
    <li className="flex items-center gap-3 py-1">
      <span className="min-w-0 flex-1">
        {requestId === undefined ? (
          <strong>{name}</strong>
        ) : (
          <Link
            to="/requests/$requestId"
            params={{ requestId }}
            className="font-semibold text-accent underline"
          >
            {name}
          </Link>
        )}{" "}
        <span className="text-sm whitespace-nowrap text-faint">
          {from} → {to}
        </span>
        <span className="block truncate text-sm text-soft">
          <Age at={at} />
          {actor.type === "system" ? (
            " by Holdpoint"
          ) : (
            <Text maxLength={100}>{` by ${actor.name ?? actor.id}`}</Text>
          )}
        </span>
      </span>
      <Money value={amount} />
      {receipt !== undefined && <ReceiptButton receiptId={receipt} name={name} />}
    </li>
  );
}
