import type { WireRequest } from "@holdpoint/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Contents } from "../encryption/contents.js";
import { Money } from "../money/money.js";
import type { ApprovalPlan } from "../requests/draft.js";
import { explainError } from "../server/error.js";
import { useSession } from "../session/session.js";
import { Fact } from "../ui/fact.js";
import { Text } from "../ui/text.js";
import { Digest } from "./digest.js";
import { costText, ReachFacts } from "./manifest-facts.js";
import { type GatePlan, gatePlanQuery, isGateCall } from "./queries.js";
import { costOf, requestLineOf } from "./words.js";

export interface PlanPanelProps {
  readonly request: WireRequest;
  readonly contents: Contents | undefined;
  readonly plan: ApprovalPlan | undefined;
}

/** What the gate runs for a request, in the server's own knowledge; nothing where it is no call of it. */
export function PlanPanel({ request, contents, plan }: PlanPanelProps) {
  const { project } = useSession();
  const query = useQuery({ ...gatePlanQuery(project.id, request), enabled: isGateCall(request) });
  if (!isGateCall(request) || query.data === null) return null;
  return (
    <section aria-label="Plan" className="rounded-md border border-line bg-panel">
      {query.isPending && <p className="p-4 text-faint">Loading…</p>}
      {query.isError && <p className="p-4 text-soft">{explainError(query.error)}</p>}
      {query.data && (
        <Loaded request={request} gatePlan={query.data} parameters={parametersOf(contents, plan)} />
      )}
    </section>
  );
}

/** What runs, as far as is known: as approved, as edited right now, else as asked. */
function parametersOf(contents: Contents | undefined, plan: ApprovalPlan | undefined): unknown {
  if (contents?.state !== "readable") return undefined;
  return contents.patchedPayload ?? (plan?.kind === "edited" ? plan.patch : contents.payload);
}

function Loaded({
  request,
  gatePlan: { part, action },
  parameters,
}: {
  request: WireRequest;
  gatePlan: GatePlan;
  parameters: unknown;
}) {
  const { manifest } = action.registration;
  const line = requestLineOf(manifest, parameters);
  const cost = costOf(manifest, parameters);
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-2 px-4 py-3">
        <div className="min-w-0">
          <h2 className="text-lg leading-tight font-semibold">
            <Text maxLength={100}>{manifest.title}</Text>
          </h2>
          <p className="mt-0.5 flex flex-wrap items-baseline gap-x-2.5 text-soft">
            <Link
              to="/actions/$actionId"
              params={{ actionId: manifest.id }}
              className="font-mono text-accent underline"
            >
              {manifest.id} {part.action_version}
            </Link>
            <Digest value={part.action_digest} />
          </p>
        </div>
        {cost !== undefined && (
          <p className="text-xl leading-tight font-semibold">
            <Money value={cost} />
          </p>
        )}
      </div>
      {line !== undefined && (
        <div className="border-t border-line bg-well px-4 py-2">
          <p className="eyebrow">{hasRun(request) ? "Sent" : "Sends"}</p>
          <p className="font-mono text-sm">
            <Text maxLength={1_000}>{line}</Text>
          </p>
        </div>
      )}
      <dl className="grid gap-x-8 gap-y-2 border-t border-line px-4 py-2.5 sm:grid-cols-2">
        <ReachFacts manifest={manifest} />
        {cost === undefined && manifest.cost !== undefined && (
          <Fact name="Cost of a call">{costText(manifest)}</Fact>
        )}
      </dl>
      <dl className="flex flex-wrap gap-x-8 gap-y-2 border-t border-line px-4 py-2.5">
        <Fact name="Session">
          <code className="font-mono text-sm break-all">{part.session_id}</code>
        </Fact>
        <Fact name="Asked with lease">
          <code className="font-mono text-sm break-all">{part.lease_id}</code>
        </Fact>
      </dl>
    </>
  );
}

function hasRun({ execution }: WireRequest): boolean {
  return execution.status === "COMMITTED" || execution.status === "OUTCOME_UNKNOWN";
}
