import type { WireExecution, WireRequest } from "@holdpoint/protocol";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { GateEnding } from "../gate/ending.js";
import { isGateCall } from "../gate/queries.js";
import { explainError } from "../server/error.js";
import { canDecide } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { FieldName } from "../ui/field-name.js";
import { Notice } from "../ui/notice.js";
import { Text } from "../ui/text.js";
import { Age, Countdown } from "../ui/time.js";
import { executionQuery } from "./queries.js";
import { SealedValue } from "./sealed-value.js";
import { SettleDialog } from "./settle-dialog.js";

const NAMES = {
  CLAIMED: "Running",
  COMMITTED: "Done",
  FAILED: "Failed",
  OUTCOME_UNKNOWN: "Outcome unknown",
} as const satisfies Record<WireExecution["status"], string>;

/** What became of what was approved: the one run under its grant. */
export function ExecutionPanel({ request }: { request: WireRequest }) {
  const { project } = useSession();
  const { id = "" } = request.execution;
  const query = useQuery({ ...executionQuery(project.id, id), enabled: id !== "" });
  if (id === "") return null;
  return (
    <section aria-label="Execution" className="rounded-md border border-line bg-panel p-4">
      <h2 className="eyebrow">Execution</h2>
      {query.isError && <p className="mt-1 text-soft">{explainError(query.error)}</p>}
      {query.data && <Run request={request} execution={query.data} />}
    </section>
  );
}

function Run({ request, execution }: { request: WireRequest; execution: WireExecution }) {
  const { status, claimed_at, lease_expires_at, settled_at, settled_by, reconciled } = execution;
  const { result, error, evidence } = execution;
  // What the gate ran it saw itself; of every other run only the agent tells.
  const claimed = !isGateCall(request);
  return (
    <div className="mt-1 space-y-2">
      <p>
        <strong>{NAMES[status]}</strong>
        <span className="text-soft">
          {" "}
          · started <Age at={claimed_at} />
          {status === "CLAIMED" && (
            <>
              {" "}
              · lease <Countdown until={lease_expires_at} />
            </>
          )}
          {settled_at !== undefined && (
            <>
              {" "}
              · {reconciled ? "settled" : "ended"} <Age at={settled_at} />
            </>
          )}
          {reconciled && settled_by !== undefined && (
            <>
              {" "}
              by <Text maxLength={100}>{settled_by.name ?? settled_by.id}</Text>
            </>
          )}
        </span>
      </p>
      {isGateCall(request) && <GateEnding request={request} />}
      {status === "OUTCOME_UNKNOWN" && <Unknown request={request} execution={execution} />}
      {result !== undefined && (
        <Part name="Result" claimed={claimed}>
          <SealedValue request={request} field="result" value={result} label="Result" />
        </Part>
      )}
      {error !== undefined && (
        <Part name="Error" claimed={claimed}>
          <SealedValue request={request} field="error" value={error} label="Error" />
        </Part>
      )}
      {evidence !== undefined && (
        <Part name="Evidence">
          <SealedValue request={request} field="evidence" value={evidence} label="Evidence" />
        </Part>
      )}
    </div>
  );
}

function Part({
  name,
  claimed = false,
  children,
}: {
  name: string;
  claimed?: boolean;
  children: ReactNode;
}) {
  return (
    <div className="min-w-0 overflow-x-auto">
      <h3>
        <FieldName name={name} claimed={claimed} />
      </h3>
      {children}
    </div>
  );
}

function Unknown({ request, execution }: { request: WireRequest; execution: WireExecution }) {
  const { roles } = useSession();
  const [settling, setSettling] = useState(false);
  return (
    <Notice tone="alert" title="Nobody has said whether it ran">
      <p>
        {isGateCall(request)
          ? "The gate sent it, and no answer tells what became of it."
          : "The agent took the grant and went silent."}{" "}
        Nothing runs again by itself. Look where the effect would show, then say what you found.
      </p>
      {canDecide(roles, request.role) && (
        <Button className="mt-2" onClick={() => setSettling(true)}>
          Say what happened…
        </Button>
      )}
      {settling && (
        <SettleDialog request={request} execution={execution} onClose={() => setSettling(false)} />
      )}
    </Notice>
  );
}
