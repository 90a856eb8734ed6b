import type { WireShieldDetails, WireShieldEdge, WireShieldStep } from "@holdpoint/protocol/shield";
import { useInfiniteQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useSession } from "../../session/session.js";
import { IconButton } from "../../ui/button.js";
import { ShowMore } from "../../ui/show-more.js";
import { Text } from "../../ui/text.js";
import { Age } from "../../ui/time.js";
import { type ShieldPlace, type StepFilters, shieldStepsQuery } from "../queries.js";
import { count, counted, percent } from "../words.js";
import type { Focus } from "./drawing.js";
import { edgesAt, type Place } from "./model.js";

export interface FocusCardProps {
  readonly place: ShieldPlace;
  readonly graph: WireShieldDetails["graph"];
  readonly focus: Focus;
  readonly onFocus: (focus: Focus | undefined) => void;
  readonly onStep: (step: WireShieldStep) => void;
}

/** What is looked at: an action with what comes before and after it, or a way with who went it. */
export function FocusCard(props: FocusCardProps) {
  const { focus } = props;
  return (
    <section aria-label="In focus" className="flex min-h-0 flex-1 flex-col">
      {focus.kind === "action" ? (
        <ActionCard {...props} action={focus.action} />
      ) : (
        <WayCard {...props} from={focus.from} to={focus.to} />
      )}
    </section>
  );
}

function Head({ children, onClose }: { children: ReactNode; onClose: () => void }) {
  return (
    <header className="flex items-start gap-2 border-b border-line py-1 pr-1 pl-3">
      <div className="min-w-0 flex-1 py-1">{children}</div>
      <IconButton label="Back to the run" onClick={onClose}>
        <X size={15} aria-hidden />
      </IconButton>
    </header>
  );
}

function ActionCard({ graph, action, onFocus }: FocusCardProps & { action: string }) {
  const node = graph.nodes.find((each) => each.action === action);
  const { into, out } = edgesAt(graph, action);
  return (
    <>
      <Head onClose={() => onFocus(undefined)}>
        <h3 className="font-mono text-sm font-semibold">
          <Text maxLength={200}>{action}</Text>
        </h3>
        <p className="text-sm text-soft">
          {node === undefined
            ? "Not in the baseline"
            : `${counted(node.count, "time")}, with ${counted(node.shapes, "shape")} of arguments`}
        </p>
      </Head>
      <div className="min-h-0 flex-1 space-y-3 overflow-y-auto px-3 py-2">
        <Ways
          title="Goes on to"
          edges={out}
          placeOf={({ to }) => to}
          none="End of the run"
          textOf={({ probability }) => percent(probability)}
          onFocus={onFocus}
        />
        <Ways
          title="Comes after"
          edges={into}
          placeOf={({ from }) => from}
          none="Beginning of a run"
          textOf={(edge) => `${count(edge.count)}×`}
          onFocus={onFocus}
        />
      </div>
    </>
  );
}

function Ways({
  title,
  edges,
  placeOf,
  none,
  textOf,
  onFocus,
}: {
  title: string;
  edges: readonly WireShieldEdge[];
  placeOf: (edge: WireShieldEdge) => Place;
  none: string;
  textOf: (edge: WireShieldEdge) => string;
  onFocus: (focus: Focus) => void;
}) {
  if (edges.length === 0) return null;
  return (
    <div>
      <h4 className="eyebrow">{title}</h4>
      <ul aria-label={title}>
        {edges.map((edge) => {
          const at = placeOf(edge);
          return (
            <li key={at} className="flex items-baseline gap-2">
              {at === null ? (
                <span className="min-w-0 flex-1 text-soft">{none}</span>
              ) : (
                <button
                  type="button"
                  className="min-w-0 flex-1 truncate text-left font-mono text-sm text-accent underline pointer-coarse:min-h-11"
                  onClick={() => onFocus({ kind: "action", action: at })}
                >
                  <Text maxLength={80}>{at}</Text>
                </button>
              )}
              <button
                type="button"
                title="Who went this way"
                aria-label={`Who went this way: ${textOf(edge)}`}
                className="shrink-0 rounded-sm px-1 text-sm hover:bg-well pointer-coarse:min-h-11"
                onClick={() => onFocus({ kind: "way", from: edge.from, to: edge.to })}
              >
                {textOf(edge)}
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function WayCard({
  place,
  graph,
  from,
  to,
  onFocus,
  onStep,
}: FocusCardProps & { from: Place; to: Place }) {
  const { project } = useSession();
  const edge = graph.edges.find((each) => each.from === from && each.to === to);
  const total = graph.edges
    .filter((each) => each.from === from)
    .reduce((sum, each) => sum + each.count, 0);
  const filters: StepFilters = {
    ...(to !== null && { action: to }),
    ...(from === null ? { is_first: "true" } : { after: from }),
  };
  // An end is no step of its own.
  const steps = useInfiniteQuery({
    ...shieldStepsQuery(project.id, place, filters),
    enabled: to !== null,
  });
  const gone = steps.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <>
      <Head onClose={() => onFocus(undefined)}>
        <h3 className="text-sm">
          <PlaceName place={from} none="Beginning" onFocus={onFocus} />
          <span aria-hidden> → </span>
          <span className="sr-only">to</span>
          <PlaceName place={to} none="end" onFocus={onFocus} />
        </h3>
        <p className="text-sm text-soft">
          {edge === undefined || edge.count === 0
            ? "Not a way of the baseline"
            : `${count(edge.count)} of ${counted(total, "time")}, now ${percent(edge.probability)}`}
          {edge !== undefined &&
            edge.approvals > 0 &&
            `, called usual ${counted(edge.approvals, "time")}`}
        </p>
      </Head>
      {to !== null && (
        <div className="min-h-0 flex-1 overflow-y-auto px-3 py-2">
          <h4 className="eyebrow">Who went this way</h4>
          {steps.isSuccess && gone.length === 0 && <p className="text-soft">Nobody.</p>}
          <ul aria-label="Who went this way">
            {gone.map((step) => (
              <li key={step.id} className="flex items-baseline gap-2">
                <button
                  type="button"
                  className="min-w-0 flex-1 truncate text-left text-sm text-accent underline pointer-coarse:min-h-11"
                  onClick={() => onStep(step)}
                >
                  <Text maxLength={60}>{step.run_id ?? step.agent.name}</Text>
                </button>
                {step.verdict.anomalous && <span className="text-xs text-removed">anomaly</span>}
                <span className="text-xs text-faint">
                  <Age at={step.at} />
                </span>
              </li>
            ))}
          </ul>
          <ShowMore query={steps} />
        </div>
      )}
    </>
  );
}

function PlaceName({
  place,
  none,
  onFocus,
}: {
  place: Place;
  none: string;
  onFocus: (focus: Focus) => void;
}) {
  if (place === null) return <span className="font-semibold">{none}</span>;
  return (
    <button
      type="button"
      className="max-w-full font-mono font-semibold text-accent underline"
      onClick={() => onFocus({ kind: "action", action: place })}
    >
      <Text maxLength={80}>{place}</Text>
    </button>
  );
}
