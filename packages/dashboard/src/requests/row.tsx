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
import { quorumText } from "./quorum.js";
import { ROW_TARGET, RowLayout, RowName } from "./row-layout.js";
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
      <RowLayout
        priority={request.priority}
        box={
          onSelect && {
            label: `Select ${service} ${action}`,
            checked: selected,
            disabled: !pending,
            onChange: onSelect,
          }
        }
        target={
          <Link
            to="/requests/$requestId"
            params={{ requestId: id }}
            data-stop
            className={ROW_TARGET}
          >
            {purchase ? <PurchaseName purchase={purchase} /> : <RowName request={request} />}
          </Link>
        }
        line={purchase ? <PurchaseLine purchase={purchase} /> : <PayloadLine request={request} />}
        state={<RowState request={request} />}
        agentName={agent.name}
      >
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
      </RowLayout>
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
