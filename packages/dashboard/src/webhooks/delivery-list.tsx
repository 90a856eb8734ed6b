import {
  WEBHOOK_DELIVERY_STATUSES,
  type WebhookDeliveryStatus,
  type WireWebhookDelivery,
  type WireWebhookEndpoint,
} from "@holdpoint/protocol";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { explainError } from "../server/error.js";
import { canAdminister } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Rows } from "../ui/page.js";
import { ShowMore } from "../ui/show-more.js";
import { EmptyState, ErrorState, LoadingState } from "../ui/state.js";
import { Text } from "../ui/text.js";
import { Age, Countdown } from "../ui/time.js";
import { deliveriesQuery, replayDelivery } from "./queries.js";

const NAMES: Readonly<Record<WebhookDeliveryStatus, string>> = {
  PENDING: "Under way",
  DELIVERED: "Delivered",
  DEAD: "Given up",
};

/** The server's words for what failed before there was an answer. */
const FAILURES: Readonly<Record<string, string>> = {
  address_refused: "the address is private or refused",
  name_not_found: "the name was not found",
  connection_refused: "nobody listens there",
  connection_reset: "the connection was cut",
  connection_failed: "no connection",
  tls_failed: "the certificate was not accepted",
  timeout: "no answer in time",
  interrupted: "the server stopped meanwhile",
  body_unavailable: "the event could not be read",
  endpoint_deleted: "the webhook was deleted",
};

/** Every delivery, newest first, and how to send one again. */
export function DeliveryList({ endpoints }: { endpoints: readonly WireWebhookEndpoint[] }) {
  const { project } = useSession();
  const [status, setStatus] = useState<WebhookDeliveryStatus>();
  const query = useInfiniteQuery(deliveriesQuery(project.id, status ? { status } : {}));
  const deliveries = query.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <section aria-label="Deliveries" className="mt-8">
      <header className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-lg font-semibold">Deliveries</h2>
        <label className="flex items-center gap-2">
          <span className="text-soft">Show</span>
          <select
            className="field w-auto"
            value={status ?? ""}
            onChange={({ target }) =>
              setStatus(WEBHOOK_DELIVERY_STATUSES.find((each) => each === target.value))
            }
          >
            <option value="">all</option>
            {WEBHOOK_DELIVERY_STATUSES.map((each) => (
              <option key={each} value={each}>
                {NAMES[each].toLowerCase()}
              </option>
            ))}
          </select>
        </label>
      </header>
      {query.isPending && <LoadingState what="deliveries" />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && deliveries.length === 0 && (
        <EmptyState title="Nothing to show">
          {status === undefined
            ? "The next event goes to every webhook that wants it."
            : "No delivery stands there."}
        </EmptyState>
      )}
      {deliveries.length > 0 && (
        <Rows label="Deliveries">
          {deliveries.map((delivery) => (
            <DeliveryRow
              key={delivery.id}
              delivery={delivery}
              endpoint={endpoints.find(({ id }) => id === delivery.endpoint_id)}
            />
          ))}
        </Rows>
      )}
      <ShowMore query={query} />
    </section>
  );
}

function DeliveryRow({
  delivery,
  endpoint,
}: {
  delivery: WireWebhookDelivery;
  endpoint: WireWebhookEndpoint | undefined;
}) {
  const { project, roles } = useSession();
  const client = useQueryClient();
  const replay = useMutation({
    mutationFn: () => replayDelivery(project.id, delivery.id),
    onSettled: () => client.invalidateQueries({ queryKey: ["webhooks", project.id] }),
  });
  const { status, type, request_id: requestId, created_at } = delivery;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
      <span
        className={`basis-24 font-semibold ${status === "DEAD" ? "text-removed" : status === "PENDING" ? "text-soft" : ""}`}
      >
        {NAMES[status] ?? status}
      </span>
      <span className="min-w-0 flex-1 basis-64">
        <span className="font-mono text-sm">{type}</span>
        {requestId !== undefined && (
          <>
            {" · "}
            <Link
              to="/requests/$requestId"
              params={{ requestId }}
              className="font-mono text-sm text-accent underline"
            >
              …{requestId.slice(-6)}
            </Link>
          </>
        )}
        <span className="block truncate text-sm text-soft">
          to <Text maxLength={200}>{endpoint?.url ?? "a deleted webhook"}</Text>
        </span>
        <LastAttempt delivery={delivery} />
        {replay.isError && (
          <span role="alert" className="block text-sm text-removed">
            {explainError(replay.error)}
          </span>
        )}
      </span>
      <span className="text-sm text-faint">
        <Age at={created_at} />
      </span>
      {canAdminister(roles) && status !== "PENDING" && endpoint !== undefined && (
        <Button
          aria-label={`Send ${type} of ${requestId ?? delivery.id} again`}
          disabled={replay.isPending}
          onClick={() => replay.mutate()}
        >
          Send again
        </Button>
      )}
    </li>
  );
}

function LastAttempt({ delivery }: { delivery: WireWebhookDelivery }) {
  const { attempts, last_status, last_error, next_attempt_at, status } = delivery;
  if (attempts === 0) return null;
  return (
    <span className="block text-sm text-soft">
      {attempts === 1 ? "1 attempt" : `${attempts} attempts`}
      {last_status !== undefined && ` · HTTP ${last_status}`}
      {last_error !== undefined && (
        <>
          {" · "}
          <Text maxLength={160}>{FAILURES[last_error] ?? last_error}</Text>
        </>
      )}
      {status === "PENDING" && next_attempt_at !== undefined && (
        <>
          {" · next "}
          <Countdown until={next_attempt_at} />
        </>
      )}
    </span>
  );
}
