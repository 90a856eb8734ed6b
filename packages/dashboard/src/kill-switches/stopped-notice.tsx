import type { WireKillSwitch } from "@holdpoint/protocol/spend";
import { useQuery } from "@tanstack/react-query";
import { OctagonX } from "lucide-react";
import { useSession } from "../session/session.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
import { killSwitchesQuery } from "./queries.js";

/**
 * A loud line for each switch that is on, read out at once.
 *
 * @param agentId - Only those that stop this agent: its own and the project's.
 */
export function StoppedNotice({ agentId }: { agentId?: string }) {
  const { project } = useSession();
  const query = useQuery(killSwitchesQuery(project.id));
  const on = (query.data?.data ?? []).filter(
    ({ stopped, agent }) =>
      stopped && (agentId === undefined || agent === undefined || agent.id === agentId),
  );
  if (on.length === 0) return null;
  return (
    <div role="alert" className="space-y-px overflow-hidden rounded-md">
      {on.map((each) => (
        <Line key={each.agent?.id ?? "project"} killSwitch={each} />
      ))}
    </div>
  );
}

function Line({ killSwitch }: { killSwitch: WireKillSwitch }) {
  const { project } = useSession();
  const { agent, reason, changed_at: at, changed_by: by } = killSwitch;
  return (
    <p className="flex gap-2.5 bg-removed px-4 py-2 text-paper">
      <OctagonX size={18} aria-hidden className="mt-px shrink-0" />
      <span className="min-w-0">
        <strong>
          Spending of <Text maxLength={100}>{agent?.name ?? project.name}</Text> is stopped
        </strong>
        {" · "}
        <Age at={at} /> by <Text maxLength={100}>{by.name ?? by.id}</Text>
        {reason !== undefined && (
          <>
            : “<Text maxLength={300}>{reason}</Text>”
          </>
        )}
      </span>
    </p>
  );
}
