import { useInfiniteQuery } from "@tanstack/react-query";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { ShowMore } from "../ui/show-more.js";
import { EmptyState, ErrorState, LoadingState } from "../ui/state.js";
import { useTitle } from "../ui/title.js";
import { seenValues } from "./filter-search.js";
import { FilterBar } from "./filters.js";
import { type RequestFilters, requestsQuery } from "./queries.js";
import { RequestRow } from "./row.js";

/** Everything that was ever asked, newest first, with search. */
export function History({
  filters,
  onFilters,
}: {
  filters: RequestFilters;
  onFilters: (filters: RequestFilters) => void;
}) {
  const { project } = useSession();
  const query = useInfiniteQuery(requestsQuery(project.id, "newest", filters));
  const rows = query.data?.pages.flatMap(({ data }) => data) ?? [];
  useTitle("History");
  return (
    <div>
      <header className="top-0 z-20 sm:sticky space-y-2 border-b border-line bg-paper px-3 py-3 sm:px-4">
        <h1 className="text-xl font-semibold">History</h1>
        <FilterBar
          filters={filters}
          seen={seenValues(rows)}
          defaultStatus="Any status"
          onChange={onFilters}
        />
      </header>
      {query.isPending && <LoadingState what="requests" />}
      {query.isError && rows.length === 0 && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isSuccess && rows.length === 0 && (
        <EmptyState
          title={Object.keys(filters).length > 0 ? "Nothing matches" : "Nothing has been asked yet"}
        >
          {Object.keys(filters).length > 0 && (
            <Button onClick={() => onFilters({})}>Clear filters</Button>
          )}
        </EmptyState>
      )}
      <ul aria-label="Requests">
        {rows.map((request) => (
          <RequestRow key={request.id} request={request} />
        ))}
      </ul>
      <ShowMore query={query} />
    </div>
  );
}
