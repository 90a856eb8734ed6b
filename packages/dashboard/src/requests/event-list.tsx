import { REQUEST_EVENT_TYPES, type RequestEventType, type WireEvent } from "@holdpoint/protocol";
import { useQuery } from "@tanstack/react-query";
import { Money } from "../money/money.js";
import { explainError } from "../server/error.js";
import { useSession } from "../session/session.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
import { requestEventsQuery } from "./queries.js";
import { ReceiptButton } from "./receipt-button.js";
import { actorName } from "./status.js";

const EVENT_NAMES: Readonly<Record<RequestEventType, string>> = {
  "request.created": "Asked",
  "request.endorsed": "Approved by one of several",
  "request.approved": "Approved",
  "request.rejected": "Rejected",
  "request.expired": "Expired",
  "request.cancelled": "Cancelled",
  "execution.claimed": "Started",
  "execution.committed": "Done",
  "execution.failed": "Failed",
  "execution.outcome_unknown": "Outcome unknown",
  "purchase.reserved": "Money held",
  "purchase.settled": "Money spent",
  "purchase.released": "Money given back",
  "purchase.expired": "Hold ran out",
  "purchase.refunded": "Refunded",
  "shield.anomaly": "Unlike what is known of it",
};

/** What has happened to a request, oldest first, live. */
export function EventList({ requestId }: { requestId: string }) {
  const { project } = useSession();
  const query = useQuery(requestEventsQuery(project.id, requestId));
  return (
    <section aria-label="History" className="rounded-md border border-line bg-panel p-4">
      <h2 className="eyebrow">History</h2>
      {query.isError && <p className="mt-1 text-soft">{explainError(query.error)}</p>}
      <ol className="mt-2 space-y-2">
        {query.data?.data.map((event) => (
          <EventLine key={event.id} event={event} />
        ))}
      </ol>
    </section>
  );
}

function EventLine({ event }: { event: WireEvent }) {
  const { actor, at, purchase } = event;
  const name = nameOf(event);
  return (
    <li className="flex items-center gap-2">
      <span className="min-w-0 flex-1 text-soft">
        <strong className="text-ink">{name}</strong>{" "}
        {purchase && (
          <>
            <Money value={purchase} />{" "}
          </>
        )}
        {actor.type === "system" ? (
          "by Holdpoint"
        ) : (
          <Text maxLength={100}>{`by ${actorName(actor)}`}</Text>
        )}
      </span>
      <span className="text-sm text-faint">
        <Age at={at} />
      </span>
      <ReceiptButton receiptId={event.receipt_id} name={name} />
    </li>
  );
}

function nameOf(event: WireEvent): string {
  const { type, status, execution } = event;
  if (type === "request.approved" && status === "APPROVED_WITH_MODIFICATIONS") {
    return "Approved with changes";
  }
  const known = (REQUEST_EVENT_TYPES as readonly string[]).includes(type);
  const name = known ? EVENT_NAMES[type] : type;
  if (event.purchase?.late) return `${name}, late`;
  return execution?.reconciled ? `Settled: ${name.toLowerCase()}` : name;
}
