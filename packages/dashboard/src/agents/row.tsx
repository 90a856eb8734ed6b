import type { WireAgent } from "@holdpoint/protocol";
import type { WireAgentDetails } from "@holdpoint/protocol/gate";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { apiKeysQuery } from "../keys/queries.js";
import { Money } from "../money/money.js";
import { explainError } from "../server/error.js";
import { canAdminister } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Chip } from "../ui/chip.js";
import { Text } from "../ui/text.js";
import { IdentityList } from "./identities.js";
import { LimitsDialog } from "./limits-dialog.js";
import { agentQuery } from "./queries.js";

/** One agent: what it may do, what it has done today, and the keys it signs in by. */
export function AgentRow({ agent }: { agent: WireAgent }) {
  const { project, roles } = useSession();
  const query = useQuery(agentQuery(project.id, agent.id));
  const [limiting, setLimiting] = useState(false);
  return (
    <li className="space-y-1.5 px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h2 className="min-w-0 font-semibold">
          <Text maxLength={100}>{agent.name}</Text>
        </h2>
        <span className="flex-1 text-sm text-soft">
          {query.data && <Today agent={query.data} />}
          {query.isError && !query.data && explainError(query.error)}
        </span>
        <Link
          to="/history"
          search={{ search: agent.name }}
          aria-label={`Requests of ${agent.name}`}
          className="flex min-h-8 items-center text-sm text-accent underline pointer-coarse:min-h-11"
        >
          Requests
        </Link>
        {canAdminister(roles) && query.data && (
          <Button aria-label={`Limits of ${agent.name}`} onClick={() => setLimiting(true)}>
            Limits…
          </Button>
        )}
      </div>
      {query.data && <Powers agent={query.data} />}
      {query.data && <IdentityList identities={query.data.identities} />}
      {limiting && query.data && (
        <LimitsDialog agent={query.data} onClose={() => setLimiting(false)} />
      )}
    </li>
  );
}

/** `12 of 100 calls today, €1.20 of €5.00`. */
function Today({ agent: { used, limits } }: { agent: WireAgentDetails }) {
  const { max_calls_per_day: maxCalls, max_cost_per_day: maxCost } = limits;
  const calls = maxCalls === undefined ? `${used.calls}` : `${used.calls} of ${maxCalls}`;
  return (
    <span title="Of this day (UTC)">
      {calls} {(maxCalls ?? used.calls) === 1 ? "call" : "calls"} today
      {(used.cost !== undefined || maxCost !== undefined) && ", "}
      {used.cost !== undefined ? <Money value={used.cost} /> : maxCost !== undefined && "nothing"}
      {maxCost !== undefined && (
        <>
          {" "}
          of <Money value={maxCost} /> spent
        </>
      )}
    </span>
  );
}

/** The scopes of its credentials, and what of them its limits leave. Keys are for admins to see. */
function Powers({ agent }: { agent: WireAgentDetails }) {
  const { project, roles } = useSession();
  const isAdmin = canAdminister(roles);
  const keys = useQuery({ ...apiKeysQuery(project.id), enabled: isAdmin });
  const own = (keys.data?.data ?? []).filter(
    (key) => key.agent.id === agent.id && key.revoked_at === undefined,
  );
  const identities = agent.identities.filter(({ revoked_at: at }) => at === undefined);
  const scopes = [...new Set([...own, ...identities].flatMap((each) => each.scopes))];
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-soft">
      <span className="flex flex-wrap gap-1">
        {scopes.map((scope) => (
          <Chip key={scope}>
            <Text maxLength={80}>{scope}</Text>
          </Chip>
        ))}
      </span>
      {own.length > 0 && <span>{own.length === 1 ? "1 API key" : `${own.length} API keys`}</span>}
      {agent.limits.scopes !== undefined && (
        <span>
          leases only for{" "}
          <span className="font-mono">
            <Text maxLength={300}>{agent.limits.scopes.join(", ")}</Text>
          </span>
        </span>
      )}
    </div>
  );
}
