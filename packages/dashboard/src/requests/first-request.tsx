import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { typeidUnboxed } from "typeid-js";
import { canAdminister } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { CopyBlock } from "../ui/copy.js";
import { EmptyState } from "../ui/state.js";

/** The inbox when nothing waits: how an agent would ask. */
export function FirstRequest() {
  const { roles } = useSession();
  const [requestId] = useState(() => typeidUnboxed("req"));
  return (
    <EmptyState title="Nothing waits for you">
      <p>
        When an agent asks before it acts, its request appears here by itself.{" "}
        {canAdminister(roles) && (
          <>
            To try it,{" "}
            <Link to="/keys" className="text-accent underline">
              create an API key
            </Link>
            , set it as <code className="font-mono">HOLDPOINT_API_KEY</code> and send one:
          </>
        )}
      </p>
      <CopyBlock label="TypeScript" text={typescriptExample(location.origin)} />
      <CopyBlock label="curl" text={curlExample(location.origin, requestId)} />
    </EmptyState>
  );
}

function typescriptExample(baseUrl: string): string {
  return `import { Holdpoint } from "@holdpoint/sdk";

const holdpoint = new Holdpoint({ baseUrl: "${baseUrl}" });
const decision = await holdpoint.ask({
  service: "db-agent",
  action: "run_sql",
  payload: { sql: "DROP TABLE customers" },
  priority: "high",
});
if (decision.approved) run(decision.approvedPayload);`;
}

function curlExample(baseUrl: string, requestId: string): string {
  return `curl ${baseUrl}/v1/requests \\
  -H "Authorization: Bearer $HOLDPOINT_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "id": "${requestId}",
    "service": "db-agent",
    "action": "run_sql",
    "payload": { "sql": "DROP TABLE customers" },
    "priority": "high"
  }'`;
}
