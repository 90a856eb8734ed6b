import type { WireLease, WireLeaseBudget } from "@holdpoint/protocol/gate";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Money } from "../money/money.js";
import { ReceiptButton } from "../requests/receipt-button.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Chip } from "../ui/chip.js";
import { ConfirmDialog } from "../ui/confirm.js";
import { Rows } from "../ui/page.js";
import { ShowMore } from "../ui/show-more.js";
import { EmptyState, ErrorState, LoadingState } from "../ui/state.js";
import { Text } from "../ui/text.js";
import { shortThumbprint, Thumbprint } from "../ui/thumbprint.js";
import { Age, Countdown } from "../ui/time.js";
import { useTitle } from "../ui/title.js";
import { byAgent } from "./by-agent.js";
import { leasesQuery, revokeLease } from "./queries.js";

/** `/leases`: who may call the gate at this moment. */
export function LeasesPage() {
  const { project } = useSession();
  const query = useInfiniteQuery(leasesQuery(project.id));
  const client = useQueryClient();
  const [revoking, setRevoking] = useState<WireLease>();
  const leases = query.data?.pages.flatMap(({ data }) => data) ?? [];
  useTitle("Leases");
  if (query.isPending) return <LoadingState what="leases" />;
  if (!query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (leases.length === 0) {
    return (
      <EmptyState title="No agent is connected">
        <p>
          A lease is an agent's right to call the gate for some minutes, bound to a key that never
          leaves its process. It gets one by itself when it first calls, and they are listed here
          while they live.
        </p>
      </EmptyState>
    );
  }
  return (
    <>
      <p className="mb-3 max-w-2xl text-soft">
        Who may call the gate at this moment. A lease is worth nothing without the key it is bound
        to, and ends by itself.
      </p>
      <div className="space-y-4">
        {byAgent(leases).map(({ agent, leases: own }) => (
          <section key={agent.id} aria-label={`Leases of ${agent.name}`}>
            <h2 className="mb-1 font-semibold">
              <Text maxLength={100}>{agent.name}</Text>
            </h2>
            <Rows label={`Leases of ${agent.name}`}>
              {own.map((lease) => (
                <LeaseRow key={lease.id} lease={lease} onRevoke={() => setRevoking(lease)} />
              ))}
            </Rows>
          </section>
        ))}
      </div>
      <ShowMore query={query} />
      {revoking && (
        <ConfirmDialog
          title="Revoke lease"
          text={`The lease ${shortThumbprint(revoking.key_thumbprint)} of ${revoking.agent.name} stops working at once. The agent can ask for another one while its credential holds: revoke that too, or freeze, to keep it out.`}
          action="Revoke lease"
          onConfirm={async () => {
            await revokeLease(project.id, revoking.id);
            await client.invalidateQueries({ queryKey: ["requests", project.id, "leases"] });
          }}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </>
  );
}

function LeaseRow({ lease, onRevoke }: { lease: WireLease; onRevoke: () => void }) {
  const { key_thumbprint: thumbprint, scopes, issued_at: issued, expires_at: until } = lease;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2.5">
      <Thumbprint value={thumbprint} />
      <span className="flex min-w-0 flex-wrap gap-1">
        {scopes.map((scope) => (
          <Chip key={scope}>
            <Text maxLength={80}>{scope}</Text>
          </Chip>
        ))}
      </span>
      <span className="flex-1 text-sm text-soft sm:text-right">
        <BudgetText budget={lease.budget} /> · issued <Age at={issued} /> ·{" "}
        <Countdown until={until} />
      </span>
      <ReceiptButton receiptId={lease.receipt_id} name="Lease issued" />
      <Button
        look="danger"
        aria-label={`Revoke lease ${shortThumbprint(thumbprint)} of ${lease.agent.name}`}
        onClick={onRevoke}
      >
        Revoke…
      </Button>
    </li>
  );
}

/** `3 of 20 calls, €1.20 of €5.00`, of the session. */
function BudgetText({ budget }: { budget: WireLeaseBudget }) {
  const { calls, max_calls: maxCalls, cost, max_cost: maxCost } = budget;
  const noun = (maxCalls ?? calls) === 1 ? "call" : "calls";
  return (
    <span title="Of the session, which renewed leases go on with">
      {maxCalls === undefined ? `${calls} ${noun}` : `${calls} of ${maxCalls} ${noun}`}
      {(cost !== undefined || maxCost !== undefined) && ", "}
      {cost !== undefined ? <Money value={cost} /> : maxCost !== undefined && "nothing"}
      {maxCost !== undefined && (
        <>
          {" "}
          of <Money value={maxCost} />
        </>
      )}
    </span>
  );
}
