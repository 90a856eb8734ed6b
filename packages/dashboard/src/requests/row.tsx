import type { WireRequest } from "@holdpoint/protocol";
import type { WirePurchase } from "@holdpoint/protocol/spend";
import { Link } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { Money } from "../money/money.js";
import { PurchaseLine, PurchaseTarget } from "../purchases/summary.js";
import { ShieldMark } from "../shield/mark.js";
import { Chip } from "../ui/chip.js";
import { Text } from "../ui/text.js";
import { Age, Countdown } from "../ui/time.js";
import { PayloadLine } from "./payload-preview.js";
import { PriorityMark } from "./priority.js";
import { quorumText } from "./quorum.js";
import { outcomeText } from "./status.js";

export interface RequestRowProps {
  readonly request: WireRequest;
  /** Absent: rows of this list cannot be selected. */
  readonly selected?: boolean;
  readonly onSelect?: (selected: boolean) => void;
  readonly arriving?: boolean;
  /** What the server knows of its money, where it is a purchase. */
  readonly purchase?: WirePurchase | undefined;
}

/** One request in a list. The whole row leads to its page; only the box does not. */
export function RequestRow({
  request,
  selected = false,
  onSelect,
  arriving = false,
  purchase,
}: RequestRowProps) {
  const { id, service, action, agent } = request;
  const pending = request.status === "PENDING";
  return (
    <li
      data-request={id}
      className={`relative flex items-start gap-3 border-b border-line px-3 py-1.5 has-[a:focus-visible]:bg-accent-wash sm:px-4 ${selected ? "bg-accent-wash" : "bg-panel hover:bg-well"} ${arriving ? "arriving" : ""}`}
    >
      {onSelect && (
        <label className="relative z-10 -m-2 flex p-2 pointer-coarse:-m-3 pointer-coarse:p-3">
          <input
            type="checkbox"
            aria-label={`Select ${service} ${action}`}
            className="mt-0.5 size-4 accent-accent"
            checked={selected}
            disabled={!pending}
            onChange={(event) => onSelect(event.target.checked)}
          />
        </label>
      )}
      <span className="pt-1">
        <PriorityMark priority={request.priority} />
      </span>
      <div className="min-w-0 flex-1 sm:grid sm:grid-cols-[minmax(0,17rem)_minmax(0,1fr)_auto] sm:items-baseline sm:gap-x-4">
        <Link
          to="/requests/$requestId"
          params={{ requestId: id }}
          data-stop
          className="block truncate font-mono outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {purchase ? (
            <PurchaseName purchase={purchase} />
          ) : (
            <>
              <span className={request.priority === "critical" ? "font-bold" : "font-semibold"}>
                <Text>{action}</Text>
              </span>
              <span className="text-soft">
                {" "}
                <Text>{service}</Text>
              </span>
            </>
          )}
        </Link>
        <span className="block truncate font-mono text-sm text-soft">
          {purchase ? <PurchaseLine purchase={purchase} /> : <PayloadLine request={request} />}
        </span>
        <span className="text-sm text-soft max-sm:hidden sm:text-right">
          <RowState request={request} />
        </span>
        <span className="mt-0.5 flex min-w-0 flex-wrap items-center gap-1.5 text-sm text-faint sm:col-span-3">
          <span className="text-soft sm:hidden">
            <RowState request={request} />
          </span>
          <span aria-hidden className="sm:hidden">
            ·
          </span>
          <Text maxLength={100}>{agent.name}</Text>
          <span aria-hidden>·</span>
          <Age at={request.created_at} />
          <ShieldMark request={request} />
          {request.environment && (
            <Chip>
              <Text maxLength={64}>{request.environment}</Text>
            </Chip>
          )}
          {request.quorum !== undefined && request.quorum > 1 && pending && (
            <Chip>{quorumText(request)}</Chip>
          )}
          {request.role && <Chip>for {request.role}</Chip>}
          {request.encrypted && (
            <Chip>
              <Lock size={11} aria-hidden /> encrypted
            </Chip>
          )}
        </span>
      </div>
    </li>
  );
}

/** What is bought in place of how the request is called, which is the same for every purchase. */
function PurchaseName({ purchase }: { purchase: WirePurchase }) {
  return (
    <span className="font-sans">
      <Money value={purchase.amount} strong />
      <span className="text-soft"> to </span>
      <span className="font-semibold">
        <PurchaseTarget purchase={purchase} />
      </span>
    </span>
  );
}

function RowState({ request }: { request: WireRequest }) {
  if (request.status === "PENDING") return <Countdown until={request.expires_at} />;
  return <Text maxLength={100}>{outcomeText(request.status, request.decided_by)}</Text>;
}
