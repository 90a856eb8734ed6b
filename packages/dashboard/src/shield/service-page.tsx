import type { WireShieldDetails } from "@holdpoint/protocol/shield";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { isServerError } from "../server/error.js";
import { useSession } from "../session/session.js";
import { BackLink } from "../ui/back-link.js";
import { Chip } from "../ui/chip.js";
import { Notice } from "../ui/notice.js";
import { EmptyState, ErrorState, LoadingState } from "../ui/state.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
import { useTitle } from "../ui/title.js";
import { Anomalies } from "./anomalies.js";
import { EntropyPanel } from "./entropy-panel.js";
import { ModePanel } from "./mode-panel.js";
import { type ShieldPlace, shieldDetailsQuery } from "./queries.js";
import type { ShieldSearch } from "./search.js";
import { SettingsPanel } from "./settings-panel.js";
import { count, counted } from "./words.js";

const GraphPanel = lazy(() =>
  import("./graph/panel.js").then((module) => ({ default: module.GraphPanel })),
);

export interface ShieldServiceProps {
  readonly service: string;
  readonly search: ShieldSearch;
  readonly onSearch: (search: ShieldSearch) => void;
}

/** `/shield/:service`: what one service is known to do, and what becomes of what it is not. */
export function ShieldService({ service, search, onSearch }: ShieldServiceProps) {
  const { project } = useSession();
  const place: ShieldPlace = { service, environment: search.environment };
  const query = useQuery(shieldDetailsQuery(project.id, place));
  useTitle(`Shield of ${service}`);
  if (query.isPending) return <LoadingState what="the baseline" />;
  if (!query.data) {
    return isServerError(query.error) && query.error.status === 404 ? (
      <NotFollowed place={place} />
    ) : (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  const details = query.data;
  return (
    <div className="mx-auto w-full max-w-[90rem] px-3 py-4 sm:px-6 sm:py-5">
      <Header details={details} />
      <div className="space-y-4">
        {details.warnings.map((warning) => (
          <Notice key={warning} title="The baseline is kept coarse">
            <Text maxLength={600}>{warning}</Text>
          </Notice>
        ))}
        <ModePanel place={place} details={details} />
        <Suspense fallback={<LoadingState what="the graph" />}>
          <GraphPanel
            // Another way to look at, from a link or an anomaly, begins anew.
            key={JSON.stringify([service, search.environment, search.from, search.to])}
            place={place}
            details={details}
            search={search}
            onSearch={onSearch}
          />
        </Suspense>
        <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_24rem] lg:items-start">
          <Anomalies
            place={place}
            onStep={({ run_key: run, id: step }) => {
              const { from: _from, to: _to, ...rest } = search;
              onSearch({ ...rest, run, step });
              document.querySelector("#content")?.scrollTo({ top: 0 });
            }}
          />
          <div className="min-w-0 space-y-4">
            <EntropyPanel details={details} />
            <SettingsPanel place={place} details={details} />
          </div>
        </div>
      </div>
    </div>
  );
}

function Header({ details }: { details: WireShieldDetails }) {
  const { service, environment, baseline, last_step_at: lastStepAt, last_24_hours: day } = details;
  return (
    <header className="mb-4 flex items-start gap-2">
      <BackLink to="/shield" label="Back to the services" />
      <div className="min-w-0">
        <h1 className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-xl leading-tight font-semibold">
          <span className="font-mono">
            <Text maxLength={100}>{service}</Text>
          </span>
          {environment !== undefined && (
            <Chip>
              <Text maxLength={64}>{environment}</Text>
            </Chip>
          )}
        </h1>
        <p className="mt-0.5 text-soft">
          Knows {counted(baseline.steps, "step")} of {counted(baseline.runs, "run")}:{" "}
          {counted(baseline.actions, "action")}, {counted(baseline.transitions, "way")}. In 24 hours{" "}
          {counted(day.steps, "step")},{" "}
          <span className={day.anomalies > 0 ? "font-semibold text-ink" : ""}>
            {counted(day.anomalies, "anomaly", "anomalies")}
          </span>
          , {count(day.held)} held
          {lastStepAt !== undefined && (
            <>
              ; last step <Age at={lastStepAt} />
            </>
          )}
          .
        </p>
      </div>
    </header>
  );
}

function NotFollowed({ place: { service, environment } }: { place: ShieldPlace }) {
  return (
    <EmptyState title="This service is not followed">
      <p>
        Nothing was ever observed of{" "}
        <code className="font-mono">
          <Text maxLength={100}>{service}</Text>
        </code>
        {environment === undefined ? (
          " without an environment"
        ) : (
          <>
            {" in "}
            <code className="font-mono">
              <Text maxLength={64}>{environment}</Text>
            </code>
          </>
        )}
        .
      </p>
      <Link to="/shield" className="text-accent underline">
        To the services
      </Link>
    </EmptyState>
  );
}
