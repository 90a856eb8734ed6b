import type { WireRequest } from "@holdpoint/protocol";
import { useQuery } from "@tanstack/react-query";
import { Money } from "../money/money.js";
import { useSession } from "../session/session.js";
import { Text } from "../ui/text.js";
import { gatePlanQuery, isGateCall } from "./queries.js";
import { ReachText } from "./reach-text.js";
import { costOf, requestLineOf } from "./words.js";

/** What the gate would run, where a request is decided without its page. */
export function PlanSummary({ request }: { request: WireRequest }) {
  const { project } = useSession();
  const { data: plan } = useQuery({
    ...gatePlanQuery(project.id, request),
    enabled: isGateCall(request),
  });
  if (!plan) return null;
  const { manifest } = plan.action.registration;
  const line = requestLineOf(manifest, request.payload);
  const cost = costOf(manifest, request.payload);
  return (
    <p className="flex flex-wrap items-baseline gap-x-3 border-b border-line px-3 py-1.5">
      <strong>
        <Text maxLength={100}>{manifest.title}</Text>
      </strong>
      <span className="text-sm text-soft">{manifest.version}</span>
      {cost !== undefined && <Money value={cost} strong />}
      <span className="basis-full font-mono text-sm">
        {line === undefined ? (
          <ReachText manifest={manifest} />
        ) : (
          <Text maxLength={300}>{line}</Text>
        )}
      </span>
    </p>
  );
}
