import type { WireRequest } from "@holdpoint/protocol";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { NotificationBell } from "../notifications/bell.js";
import { Suggestions } from "../policies/suggestions.js";
import { waitingPurchasesQuery } from "../purchases/queries.js";
import { canDecide } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { ShowMore } from "../ui/show-more.js";
import { EmptyState, ErrorState, LoadingState } from "../ui/state.js";
import { useTitle } from "../ui/title.js";
import { DecideDialog } from "./decide-dialog.js";
import { seenValues } from "./filter-search.js";
import { FilterBar } from "./filters.js";
import { FirstRequest } from "./first-request.js";
import { GroupRow } from "./group-row.js";
import { inOrderOfRisk } from "./groups.js";
import { type InboxCommand, inboxCommand } from "./keyboard.js";
import { KeyboardHelp } from "./keyboard-help.js";
import { neighbourOf } from "./placement.js";
import { type RequestFilters, requestsQuery } from "./queries.js";
import { RequestRow } from "./row.js";
import { useAskedGroup } from "./use-asked-group.js";
import { useGroups } from "./use-groups.js";
import { rowIdOf, usePlacedRows } from "./use-placed-rows.js";

type Overlay =
  | { readonly kind: "approve" | "reject"; readonly ids: readonly string[] }
  | { readonly kind: "help" };

/** What waits for a person, most urgent first, live. */
export function Inbox({
  filters,
  onFilters,
}: {
  filters: RequestFilters;
  onFilters: (filters: RequestFilters) => void;
}) {
  const { project, roles } = useSession();
  const navigate = useNavigate();
  const wanted = { ...filters, status: filters.status ?? "PENDING" };
  const query = useInfiniteQuery(requestsQuery(project.id, "triage", wanted));
  const fresh = inOrderOfRisk(query.data?.pages.flatMap(({ data }) => data) ?? []);
  const listKey = `${project.id} ${JSON.stringify(wanted)}`;
  const { rows, arrived, isHeld, anchorProps, remove } = usePlacedRows(fresh, listKey);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const open = (key: string, on: boolean) => setOpened((before) => withAll(before, [key], on));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [overlay, setOverlay] = useState<Overlay>();
  const list = useRef<HTMLUListElement>(null);
  const asked = useAskedGroup(list, (key) => open(key, true));
  const lines = useGroups(rows, listKey, isHeld, asked);
  const search = useRef<HTMLInputElement>(null);
  const nextFocus = useRef<string>(undefined);
  // One call for all of them, and none where no row is a purchase.
  const { data: waiting } = useQuery({
    ...waitingPurchasesQuery(project.id),
    enabled: fresh.some(({ service }) => service === "spend"),
  });
  const purchases = new Map(waiting?.data.map((purchase) => [purchase.id, purchase]));
  const pending = rows.filter(({ status }) => status === "PENDING");
  const picked = pending.filter(({ id }) => selected.has(id));
  useTitle("Inbox");

  const select = (ids: readonly string[], on: boolean) =>
    setSelected((before) => withAll(before, ids, on));
  const focusRow = (id: string | undefined) => {
    const link = list.current?.querySelector<HTMLElement>(`[data-request="${id}"] a`);
    link?.focus();
    link?.closest("li")?.scrollIntoView({ block: "nearest" });
  };
  const move = (step: 1 | -1) => {
    const stops = [...(list.current?.querySelectorAll<HTMLElement>("[data-stop]") ?? [])];
    const here = document.activeElement?.closest("[data-request], [data-group]");
    const index = stops.findIndex((stop) => stop.closest("[data-request], [data-group]") === here);
    const target = index === -1 ? (step === 1 ? 0 : stops.length - 1) : index + step;
    const stop = stops[Math.min(Math.max(target, 0), stops.length - 1)];
    stop?.focus();
    stop?.closest("[data-request], [data-group] > div")?.scrollIntoView({ block: "nearest" });
  };
  const decide = (kind: "approve" | "reject", current: string | undefined) => {
    const ids = picked.length > 0 ? picked.map(({ id }) => id) : current ? [current] : [];
    const request = rows.find(({ id }) => id === ids[0]);
    if (request === undefined) return;
    if (ids.length === 1 && !canDecide(roles, request.role)) return;
    setOverlay({ kind, ids });
  };
  const obey = (command: InboxCommand, event: KeyboardEvent) => {
    const current = rowIdOf(document.activeElement);
    if (command !== "clear") event.preventDefault();
    if (command === "next") move(1);
    if (command === "previous") move(-1);
    if (command === "approve" || command === "reject") decide(command, current);
    if (command === "search") search.current?.focus();
    if (command === "clear") setSelected(new Set());
    if (command === "help") setOverlay({ kind: "help" });
    if (current === undefined) return;
    if (command === "select") select([current], !selected.has(current));
    if (command === "open" || command === "edit") {
      void navigate({
        to: "/requests/$requestId",
        params: { requestId: current },
        search: command === "edit" ? { edit: true } : {},
      });
    }
  };
  const latest = useRef(obey);
  latest.current = obey;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const command = inboxCommand(event);
      if (command) latest.current(command, event);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);

  const settled = (ids: readonly string[]) => {
    const gone = new Set(ids);
    const next = neighbourOf(
      rows.map(({ id }) => id),
      ids[0],
      gone,
    );
    remove(ids);
    setSelected((before) => new Set([...before].filter((id) => !gone.has(id))));
    void query.refetch();
    nextFocus.current = next;
  };
  // Rows cannot take the focus before the dialog above them is gone.
  useEffect(() => {
    if (overlay !== undefined || nextFocus.current === undefined) return;
    focusRow(nextFocus.current);
    nextFocus.current = undefined;
  });

  const rowOf = (request: WireRequest) => (
    <RequestRow
      key={request.id}
      request={request}
      selected={selected.has(request.id)}
      onSelect={(on) => select([request.id], on)}
      arriving={arrived.has(request.id)}
      purchase={purchases.get(request.id)}
    />
  );

  return (
    <div className="flex min-h-full flex-col">
      <header
        className={`top-0 z-20 space-y-2 border-b border-line bg-paper px-3 py-3 sm:sticky sm:px-4 ${picked.length > 0 ? "max-sm:sticky" : ""}`}
      >
        <div className="flex items-center gap-3">
          <div className="mr-auto flex items-baseline gap-3">
            <h1 className="text-xl font-semibold">Inbox</h1>
            <span className="text-soft" aria-live="polite">
              {query.isSuccess && countText(rows.length, query.hasNextPage, filters)}
            </span>
          </div>
          <NotificationBell />
          <Button
            look="quiet"
            className="max-sm:hidden pointer-coarse:hidden"
            onClick={() => setOverlay({ kind: "help" })}
          >
            <kbd className="font-mono">?</kbd> Keys
          </Button>
        </div>
        <div className={picked.length > 0 ? "max-sm:hidden" : ""}>
          <FilterBar
            filters={filters}
            seen={seenValues(fresh)}
            defaultStatus="Pending"
            onChange={onFilters}
            searchRef={search}
          />
        </div>
        {picked.length > 0 && (
          <BatchBar
            count={picked.length}
            onApprove={() => decide("approve", undefined)}
            onReject={() => decide("reject", undefined)}
            onClear={() => setSelected(new Set())}
          />
        )}
      </header>
      {query.isPending && <LoadingState what="requests" />}
      {query.isError && fresh.length === 0 && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isSuccess && rows.length === 0 && (
        <NothingWaiting filters={filters} onFilters={onFilters} />
      )}
      {query.isSuccess && filters.status === undefined && (
        <div className="px-3 py-2 empty:hidden sm:px-4">
          <Suggestions most={1} />
        </div>
      )}
      <ul ref={list} aria-label="Requests" {...anchorProps}>
        {lines.map((line) =>
          line.kind === "one" ? (
            rowOf(line.request)
          ) : (
            <GroupRow
              key={line.key}
              group={line}
              isOpen={opened.has(line.key)}
              selected={selected}
              onToggle={() => open(line.key, !opened.has(line.key))}
              onSelect={(on) =>
                select(
                  line.requests.map(({ id }) => id),
                  on,
                )
              }
            >
              {line.requests.map(rowOf)}
            </GroupRow>
          ),
        )}
      </ul>
      <ShowMore query={query} />
      {(overlay?.kind === "approve" || overlay?.kind === "reject") && (
        <DecideDialog
          kind={overlay.kind}
          requestIds={overlay.ids}
          onClose={() => setOverlay(undefined)}
          onDecided={settled}
        />
      )}
      {overlay?.kind === "help" && <KeyboardHelp onClose={() => setOverlay(undefined)} />}
    </div>
  );
}

function withAll(
  before: ReadonlySet<string>,
  items: readonly string[],
  on: boolean,
): ReadonlySet<string> {
  const after = new Set(before);
  for (const item of items) {
    if (on) after.add(item);
    else after.delete(item);
  }
  return after;
}

function countText(count: number, more: boolean, filters: RequestFilters): string {
  if (count === 0) return "";
  const noun = filters.status === undefined ? "waiting" : "found";
  return `${count}${more ? "+" : ""} ${noun}`;
}

function BatchBar({
  count,
  onApprove,
  onReject,
  onClear,
}: {
  count: number;
  onApprove: () => void;
  onReject: () => void;
  onClear: () => void;
}) {
  return (
    <div role="toolbar" aria-label="Selection" className="flex flex-wrap items-center gap-2">
      <span className="mr-auto font-semibold max-sm:basis-1/2">{count} selected</span>
      <Button look="quiet" onClick={onClear}>
        Clear
      </Button>
      <Button look="danger" className="max-sm:flex-1" onClick={onReject}>
        Reject selected…
      </Button>
      <Button look="primary" className="max-sm:flex-1" onClick={onApprove}>
        Approve selected…
      </Button>
    </div>
  );
}

function NothingWaiting({
  filters,
  onFilters,
}: {
  filters: RequestFilters;
  onFilters: (filters: RequestFilters) => void;
}) {
  if (Object.keys(filters).length > 0) {
    return (
      <EmptyState title="Nothing matches these filters">
        <Button onClick={() => onFilters({})}>Clear filters</Button>
      </EmptyState>
    );
  }
  return <FirstRequest />;
}
