import type { ShieldAnswer, WireShieldStep } from "@holdpoint/protocol/shield";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { explainError } from "../server/error.js";
import { canDecide } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Chip } from "../ui/chip.js";
import { Segments } from "../ui/segments.js";
import { ShowMore } from "../ui/show-more.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
import { reviewStep, type ShieldPlace, shieldKey, shieldStepsQuery } from "./queries.js";
import { effectText, signalName } from "./words.js";

const VIEWS = ["open", "all"] as const;
const VIEW_NAMES = { open: "Not answered", all: "All" } as const;

/** Steps that departed or broke a rule, newest first, and a person's word on each. */
export function Anomalies({
  place,
  onStep,
}: {
  place: ShieldPlace;
  /** Shows a step in the graph. */
  onStep: (step: WireShieldStep) => void;
}) {
  const { project } = useSession();
  const [view, setView] = useState<(typeof VIEWS)[number]>("all");
  const query = useInfiniteQuery(
    shieldStepsQuery(project.id, place, {
      anomalous: "true",
      ...(view === "open" && { reviewed: "false" }),
    }),
  );
  const steps = query.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <section aria-label="Anomalies" className="rounded-md border border-line bg-panel">
      <header className="flex items-center gap-2 border-b border-line px-4 py-2">
        <h2 className="eyebrow mr-auto">Anomalies</h2>
        <Segments
          label="Which"
          value={view}
          options={VIEWS}
          nameOf={(each) => VIEW_NAMES[each]}
          onChange={setView}
        />
      </header>
      {query.isPending && <p className="px-4 py-3 text-faint">Loading…</p>}
      {query.isError && steps.length === 0 && (
        <p role="alert" className="px-4 py-3">
          {explainError(query.error)}
        </p>
      )}
      {query.isSuccess && steps.length === 0 && (
        <p className="px-4 py-3 text-soft">
          {view === "open" ? "Everything is answered." : "Nothing has departed from the baseline."}
        </p>
      )}
      <ol aria-label="Anomalies" className="divide-y divide-line">
        {steps.map((step) => (
          <Anomaly key={step.id} place={place} step={step} onStep={onStep} />
        ))}
      </ol>
      <ShowMore query={query} />
    </section>
  );
}

function Anomaly({
  place,
  step,
  onStep,
}: {
  place: ShieldPlace;
  step: WireShieldStep;
  onStep: (step: WireShieldStep) => void;
}) {
  const { verdict, action, agent, run_id: run } = step;
  return (
    <li className="space-y-1 px-4 py-2.5">
      <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        <button
          type="button"
          title="See it in the graph"
          className="min-w-0 text-left font-mono font-semibold text-accent underline pointer-coarse:min-h-11"
          onClick={() => onStep(step)}
        >
          <Text maxLength={100}>{action}</Text>
        </button>
        {verdict.signals.map((signal) => (
          <Chip key={signal}>{signalName(signal)}</Chip>
        ))}
        {(verdict.effect === "held" || verdict.effect === "denied") && (
          <Chip strong>{effectText(verdict)}</Chip>
        )}
        <span className="ml-auto text-sm text-faint">
          <Age at={step.at} />
        </span>
      </p>
      <p>
        <Text maxLength={600}>{verdict.explanation}</Text>
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="mr-auto text-sm text-soft">
          <Text maxLength={100}>{agent.name}</Text>
          {run !== undefined && (
            <>
              {" in the run "}
              <span className="font-mono">
                <Text maxLength={60}>{run}</Text>
              </span>
            </>
          )}
        </p>
        <Answer place={place} step={step} />
      </div>
    </li>
  );
}

/** A request is answered where it is decided; what was only observed is answered here. */
function Answer({ place, step }: { place: ShieldPlace; step: WireShieldStep }) {
  const { project, roles } = useSession();
  const client = useQueryClient();
  const review = useMutation({
    mutationFn: (answer: ShieldAnswer) =>
      reviewStep(project.id, place, { step_id: step.id, answer }),
    onSuccess: () => client.invalidateQueries({ queryKey: shieldKey(project.id) }),
  });
  if (step.id.startsWith("req_")) {
    return (
      <span className="text-sm">
        {step.review !== undefined && <Reviewed review={step.review} />}{" "}
        <Link
          to="/requests/$requestId"
          params={{ requestId: step.id }}
          className="text-accent underline"
        >
          {step.review === undefined ? "Open the request" : "request"}
        </Link>
      </span>
    );
  }
  if (step.review !== undefined) return <Reviewed review={step.review} />;
  if (!canDecide(roles, undefined)) return null;
  return (
    <span className="flex flex-wrap items-center gap-1">
      {review.isError && (
        <span role="alert" className="text-sm text-removed">
          {explainError(review.error)}
        </span>
      )}
      <Button
        aria-label={`Unusual: ${step.action}`}
        title="Do not learn it"
        disabled={review.isPending}
        onClick={() => review.mutate("unusual")}
      >
        Unusual
      </Button>
      <Button
        aria-label={`Usual: ${step.action}`}
        title="Learn it: from now on it is part of the baseline"
        disabled={review.isPending}
        onClick={() => review.mutate("usual")}
      >
        Usual
      </Button>
    </span>
  );
}

function Reviewed({ review }: { review: NonNullable<WireShieldStep["review"]> }) {
  const { answer, by, at } = review;
  return (
    <span className="text-sm text-soft">
      <strong>{answer === "usual" ? "Usual" : "Unusual"}</strong>, says{" "}
      <Text maxLength={100}>{by.name ?? by.id}</Text>, <Age at={at} />
    </span>
  );
}
