import type { WireRequest } from "@holdpoint/protocol";
import { ShieldFacts } from "../shield/verdict.js";
import { Fact } from "../ui/fact.js";
import { JsonTree } from "../ui/json-tree.js";
import { Text } from "../ui/text.js";
import { Age, Countdown } from "../ui/time.js";
import { Judgement } from "./judgement.js";

/** Who asks and until when. What the server knows stands plain; what the agent claims says so. */
export function Facts({ request }: { request: WireRequest }) {
  const { agent, agent_label: claim, environment, role, run_id: run } = request;
  // The guard keeps what it compares there; what of it changed is shown as such.
  const { "holdpoint.witness": _witness, ...metadata } = request.metadata;
  return (
    <section aria-label="Facts" className="rounded-md border border-line bg-panel">
      <dl className="grid grid-cols-2 gap-x-8 gap-y-2 px-4 py-2.5 sm:flex sm:flex-wrap">
        <Fact name="Agent">
          <strong>
            <Text maxLength={100}>{agent.name}</Text>
          </strong>
          {claim !== undefined && claim !== agent.name && (
            <span
              className="block text-sm text-soft italic"
              title="The agent says this of itself; nobody has checked it."
            >
              claims to be “<Text maxLength={100}>{claim}</Text>”
            </span>
          )}
        </Fact>
        <Fact name="Asked">
          <Age at={request.created_at} />
        </Fact>
        {request.status === "PENDING" && (
          <Fact name="Expires">
            <Countdown until={request.expires_at} />
          </Fact>
        )}
        {environment !== undefined && (
          <Fact name="Environment" claimed>
            <Text maxLength={64}>{environment}</Text>
          </Fact>
        )}
        {role !== undefined && <Fact name="Decided by role">{role}</Fact>}
        {run !== undefined && (
          <Fact name="Run" claimed>
            <span className="font-mono text-sm">
              <Text maxLength={60}>{run}</Text>
            </span>
          </Fact>
        )}
      </dl>
      {request.policy !== undefined && <Judgement judgement={request.policy} />}
      {request.shield !== undefined && <ShieldFacts request={request} verdict={request.shield} />}
      {Object.keys(metadata).length > 0 && (
        <details className="border-t border-line px-4 py-2">
          <summary className="text-soft">
            Metadata <span className="text-sm text-faint">— the agent's own notes</span>
          </summary>
          <div className="pt-1">
            <JsonTree value={metadata} label="Metadata" />
          </div>
        </details>
      )}
    </section>
  );
}
