import { PURCHASE_STATUSES, type WirePurchase } from "@holdpoint/protocol/spend";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { agentsQuery } from "../agents/queries.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Choice } from "../ui/choice.js";
import { Rows } from "../ui/page.js";
import { ShowMore } from "../ui/show-more.js";
import { EmptyState, ErrorState, LoadingState } from "../ui/state.js";
import { useTitle } from "../ui/title.js";
import { type PurchaseFilters, purchasesQuery } from "./queries.js";
import { PurchaseRow } from "./row.js";
import { purchaseStatusName } from "./status.js";

/** `/spend/purchases`: everything agents wanted to buy, newest first, live. */
export function PurchasesPage({
  filters,
  onFilters,
}: {
  filters: PurchaseFilters;
  onFilters: (filters: PurchaseFilters) => void;
}) {
  const { project } = useSession();
  const query = useInfiniteQuery(purchasesQuery(project.id, filters));
  const rows = query.data?.pages.flatMap(({ data }) => data) ?? [];
  useTitle("Purchases");
  return (
    <div className="space-y-3">
      <Filters filters={filters} rows={rows} onFilters={onFilters} />
      {query.isPending && <LoadingState what="purchases" />}
      {query.isError && rows.length === 0 && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isSuccess && rows.length === 0 && (
        <NoPurchases filtered={Object.keys(filters).length > 0} onClear={() => onFilters({})} />
      )}
      {rows.length > 0 && (
        <div className="@container">
          <Rows label="Purchases">
            {rows.map((purchase) => (
              <PurchaseRow key={purchase.id} purchase={purchase} />
            ))}
          </Rows>
        </div>
      )}
      <ShowMore query={query} />
    </div>
  );
}

function NoPurchases({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered) {
    return (
      <EmptyState title="Nothing matches these filters">
        <Button onClick={onClear}>Clear filters</Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No agent has asked for money yet">
      <p>
        When one calls <code className="font-mono">spend.purchase()</code>, the purchase appears
        here by itself, and in the inbox where a person has to decide.
      </p>
    </EmptyState>
  );
}

function Filters({
  filters,
  rows,
  onFilters,
}: {
  filters: PurchaseFilters;
  rows: readonly WirePurchase[];
  onFilters: (filters: PurchaseFilters) => void;
}) {
  const { project } = useSession();
  const agents = useQuery(agentsQuery(project.id)).data?.data ?? [];
  const set = (name: keyof PurchaseFilters, value: string) => {
    const { [name]: _, ...rest } = filters;
    onFilters(value === "" ? rest : { ...rest, [name]: value });
  };
  const seen = (values: readonly string[]) => [...new Set(values)].sort();
  return (
    <search className="flex gap-2 overflow-x-auto p-0.5 sm:flex-wrap sm:overflow-visible">
      <Choice
        label="Status"
        none="Any status"
        value={filters.status}
        options={PURCHASE_STATUSES}
        nameOf={purchaseStatusName}
        onChange={(value) => set("status", value)}
      />
      <Choice
        label="Agent"
        none="Any agent"
        value={filters.agent_id}
        options={agents.map(({ id }) => id)}
        nameOf={(id) => agents.find((agent) => agent.id === id)?.name ?? id}
        onChange={(value) => set("agent_id", value)}
      />
      <Choice
        label="Category"
        none="Any category"
        value={filters.category}
        options={seen(rows.map(({ category }) => category))}
        onChange={(value) => set("category", value)}
      />
      <Choice
        label="Currency"
        none="Any currency"
        value={filters.currency}
        options={seen(rows.map(({ amount }) => amount.currency))}
        onChange={(value) => set("currency", value)}
      />
    </search>
  );
}
