import type { WireShieldDetails } from "@holdpoint/protocol/shield";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { useSession } from "../../session/session.js";
import { type ShieldPlace, shieldRunsQuery } from "../queries.js";
import { runStepsQuery } from "../run-steps.js";
import type { ShieldSearch } from "../search.js";
import { count, counted } from "../words.js";
import { GraphCanvas } from "./canvas.js";
import { draw, type Focus, waysAt } from "./drawing.js";
import { FocusCard } from "./focus-card.js";
import { layOut } from "./layout.js";
import { edgeId, shownGraph, THRESHOLDS, usualThreshold, type Way, withRun } from "./model.js";
import { RunBar } from "./run-bar.js";
import { StepCard, StepList } from "./step-list.js";
import { traceOf } from "./trace.js";
import { WayTable } from "./way-table.js";

export interface GraphPanelProps {
  readonly place: ShieldPlace;
  readonly details: WireShieldDetails;
  readonly search: ShieldSearch;
  readonly onSearch: (search: ShieldSearch) => void;
}

/** What a service is known to do, as a graph, and one run drawn over it as it happens. */
export function GraphPanel({ place, details, search, onSearch }: GraphPanelProps) {
  const { project } = useSession();
  const { graph } = details;
  const runs = useInfiniteQuery(shieldRunsQuery(project.id, place, false));
  const known = runs.data?.pages.flatMap(({ data }) => data) ?? [];
  const runKey = search.run ?? known[0]?.run_key;
  const loaded = useQuery({
    ...runStepsQuery(project.id, place, runKey ?? ""),
    enabled: runKey !== undefined,
  });
  const steps = useMemo(() => loaded.data?.steps ?? [], [loaded.data]);
  const chosen = steps.findIndex(({ id }) => id === search.step);
  const shownSteps = search.step === "begin" ? 0 : chosen === -1 ? steps.length : chosen + 1;
  const [text, setText] = useState("");
  const [threshold, setThreshold] = useState(() => usualThreshold(graph));
  const [focus, setFocus] = useState<Focus | undefined>(focusOf(search));

  const ways = useMemo<readonly Way[]>(
    () => [...traceOf(steps, steps.length).edges.values(), ...waysAt(graph.edges, focus)],
    [steps, graph, focus],
  );
  const { shown, asides } = useMemo(
    () => withRun(shownGraph(graph, { text, minProbability: threshold }), graph, ways),
    [graph, text, threshold, ways],
  );
  const layout = useLayout(shown, asides);
  const trace = useMemo(
    () => (steps.length === 0 ? undefined : traceOf(steps, shownSteps)),
    [steps, shownSteps],
  );
  const drawing = useMemo(
    () => draw({ shown, all: graph.edges, layout, trace, focus }),
    [shown, graph, layout, trace, focus],
  );

  const look = (next: Focus | undefined) => {
    setFocus(next);
    const { from: _from, to: _to, ...rest } = search;
    if (search.from !== undefined || search.to !== undefined) onSearch(rest);
  };
  const goTo = (position: number) => {
    const { step: _step, ...rest } = search;
    const step = position === 0 ? "begin" : steps[position - 1]?.id;
    // At the end it follows the run.
    const isEnd = position >= steps.length || step === undefined;
    onSearch(isEnd ? rest : { ...rest, step, ...(runKey !== undefined && { run: runKey }) });
  };
  const choose = (run: string | undefined, step?: string) => {
    const { run: _run, step: _step, ...rest } = search;
    onSearch({ ...rest, ...(run !== undefined && { run }), ...(step !== undefined && { step }) });
  };

  return (
    <section aria-label="Execution graph" className="rounded-md border border-line bg-panel">
      <header className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
        <h2 className="eyebrow mr-auto">Execution graph</h2>
        <GraphFilters
          text={text}
          onText={setText}
          threshold={threshold}
          onThreshold={setThreshold}
          onFind={() => {
            const match = shown.nodes.find(({ isMatch }) => isMatch);
            if (match !== undefined) look({ kind: "action", action: match.action });
          }}
        />
      </header>
      <RunBar
        runs={known}
        runKey={runKey}
        isFollowing={search.run === undefined}
        steps={steps}
        position={shownSteps}
        onRun={choose}
        onPosition={goTo}
      />
      <div className="grid lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div className="relative h-[26rem] border-line bg-paper max-lg:border-b sm:h-[34rem] lg:border-r">
          <GraphCanvas
            label={`What ${place.service} does: ${counted(shown.nodes.length, "action")}. The same as a table follows.`}
            drawing={drawing}
            current={trace?.current}
            onFocus={look}
          />
          <p className="pointer-events-none absolute top-2 left-2 text-xs text-faint">
            {shown.hiddenEdges > 0 && `${counted(shown.hiddenEdges, "rare way")} hidden. `}
            {graph.is_cut && "The rarest actions are left out. "}
          </p>
        </div>
        <div className="flex min-h-0 flex-col lg:max-h-[34rem]">
          {focus === undefined ? (
            <>
              <StepCard step={steps[shownSteps - 1]} />
              <StepList
                steps={steps}
                isCut={loaded.data?.isCut === true}
                position={shownSteps}
                onPosition={goTo}
              />
            </>
          ) : (
            <FocusCard
              place={place}
              graph={graph}
              focus={focus}
              onFocus={look}
              onStep={(step) => {
                choose(step.run_key, step.id);
                setFocus(undefined);
              }}
            />
          )}
        </div>
      </div>
      <WayTable edges={shown.edges} onFocus={look} />
    </section>
  );
}

function focusOf({ from, to }: ShieldSearch): Focus | undefined {
  if (from === undefined && to === undefined) return undefined;
  return { kind: "way", from: from ?? null, to: to ?? null };
}

function GraphFilters({
  text,
  onText,
  onFind,
  threshold,
  onThreshold,
}: {
  text: string;
  onText: (text: string) => void;
  /** Enter in the field. */
  onFind: () => void;
  threshold: number;
  onThreshold: (threshold: number) => void;
}) {
  return (
    <form
      className="flex flex-wrap items-center gap-2 max-sm:w-full"
      onSubmit={(event) => {
        event.preventDefault();
        onFind();
      }}
    >
      <input
        type="search"
        aria-label="Find an action"
        placeholder="Find an action"
        className="field w-44! max-sm:flex-1"
        value={text}
        onChange={({ target }) => onText(target.value)}
      />
      <select
        aria-label="Ways shown"
        className="field w-auto!"
        value={threshold}
        onChange={({ target }) => onThreshold(Number(target.value))}
      >
        {THRESHOLDS.map((value) => (
          <option key={value} value={value}>
            {value === 0 ? "All ways" : `From ${count(value * 100)} %`}
          </option>
        ))}
      </select>
    </form>
  );
}

/** Everything keeps its place for as long as the same nodes and edges are there. */
function useLayout(shown: ReturnType<typeof shownGraph>, asides: readonly Way[]) {
  const signature = JSON.stringify([
    shown.nodes.map(({ action }) => action).sort(),
    shown.edges.map(({ from, to }) => edgeId(from, to)).sort(),
    asides,
  ]);
  const latest = useRef(shown);
  latest.current = shown;
  return useMemo(() => {
    const [, , ways] = JSON.parse(signature) as [unknown, unknown, readonly Way[]];
    return layOut(latest.current, ways);
  }, [signature]);
}
