import type { WireAgent } from "@holdpoint/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { canAdminister } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Rows } from "../ui/page.js";
import { EmptyState, ErrorState, LoadingState } from "../ui/state.js";
import { useTitle } from "../ui/title.js";
import { EnrolDialog } from "./enrol-dialog.js";
import { agentsQuery } from "./queries.js";
import { AgentRow } from "./row.js";

/** `/agents`: what each agent may do and has done. */
export function AgentsPage() {
  const { project, roles } = useSession();
  const query = useQuery(agentsQuery(project.id));
  const client = useQueryClient();
  const [enrolling, setEnrolling] = useState(false);
  useTitle("Agents");
  return (
    <>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-3">
        <p className="max-w-xl text-soft">
          What each agent may do, and what it has done today. An agent that is enrolled signs in by
          a key of its own.
        </p>
        {canAdminister(roles) && (
          <Button look="primary" onClick={() => setEnrolling(true)}>
            Enrol an agent…
          </Button>
        )}
      </div>
      {query.isPending && <LoadingState what="agents" />}
      {query.isError && !query.data && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data && <AgentList agents={query.data.data} />}
      {enrolling && (
        <EnrolDialog
          onClose={() => setEnrolling(false)}
          onCreated={() => void client.invalidateQueries({ queryKey: ["agents", project.id] })}
        />
      )}
    </>
  );
}

function AgentList({ agents }: { agents: readonly WireAgent[] }) {
  if (agents.length === 0) {
    return (
      <EmptyState title="No agents yet">
        Enrol one, or create an API key: either makes the agent it names.
      </EmptyState>
    );
  }
  return (
    <Rows label="Agents">
      {agents.map((agent) => (
        <AgentRow key={agent.id} agent={agent} />
      ))}
    </Rows>
  );
}
