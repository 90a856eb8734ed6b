import type { SpendPolicy, WireSpendPolicy } from "@holdpoint/protocol/spend";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { agentsQuery } from "../agents/queries.js";
import { useSession } from "../session/session.js";
import { ErrorState, LoadingState } from "../ui/state.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
import { useTitle } from "../ui/title.js";
import { PolicyEditor } from "./editor.js";
import { PolicyHistory } from "./history.js";
import { type PolicyHolder, spendPoliciesQuery } from "./queries.js";

/** `/spend/policies`: what the project and each agent may spend. */
export function SpendPoliciesPage({
  holder,
  onHolder,
}: {
  holder: PolicyHolder;
  onHolder: (holder: PolicyHolder) => void;
}) {
  const { project } = useSession();
  const policies = useQuery(spendPoliciesQuery(project.id));
  const agents = useQuery(agentsQuery(project.id));
  useTitle("Spend policies");
  const failed = [policies, agents].find(({ isError, data }) => isError && !data);
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!policies.data || !agents.data) return <LoadingState what="policies" />;
  const inForce = policies.data.data;
  const current = inForce.find((each) => (each.agent?.id ?? "project") === holder);
  const holders = [
    { id: "project", name: `${project.name}, the whole project` },
    ...agents.data.data.map(({ id, name }) => ({ id, name })),
  ];
  return (
    <div className="space-y-4">
      <HolderChoice holder={holder} holders={holders} inForce={inForce} onHolder={onHolder} />
      <Workbench
        key={holder}
        holder={holder}
        name={holders.find(({ id }) => id === holder)?.name ?? holder}
        current={current}
      />
    </div>
  );
}

function HolderChoice({
  holder,
  holders,
  inForce,
  onHolder,
}: {
  holder: PolicyHolder;
  holders: readonly { readonly id: string; readonly name: string }[];
  inForce: readonly WireSpendPolicy[];
  onHolder: (holder: PolicyHolder) => void;
}) {
  const id = useId();
  const armed = new Set(
    inForce.filter(({ policy }) => policy !== null).map(({ agent }) => agent?.id ?? "project"),
  );
  return (
    <div className="flex flex-wrap items-center gap-2">
      <label htmlFor={id} className="font-semibold">
        Policy of
      </label>
      <select
        id={id}
        className="field w-auto! max-w-full"
        value={holder}
        onChange={({ target }) => onHolder(target.value)}
      >
        {holders.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
            {armed.has(each.id) ? " · armed" : ""}
          </option>
        ))}
      </select>
      <p className="text-sm text-soft">
        An agent is bound by its own policy and the project's, both.
      </p>
    </div>
  );
}

/** One holder's policy: the form with what it means beside it, and its history. */
function Workbench({
  holder,
  name,
  current,
}: {
  holder: PolicyHolder;
  name: string;
  current: WireSpendPolicy | undefined;
}) {
  const armed = current?.policy ?? undefined;
  const [draft, setDraft] = useState<SpendPolicy>(armed ?? { currency: "EUR" });
  return (
    <>
      <p className="text-soft">
        {current === undefined || armed === undefined ? (
          <>
            No policy is armed for <Text maxLength={100}>{name}</Text>: every purchase waits for a
            person.
          </>
        ) : (
          <>
            <strong className="text-ink">Revision {current.revision} is armed</strong>, set{" "}
            <Age at={current.created_at} /> by{" "}
            <Text maxLength={100}>{current.created_by.name ?? current.created_by.id}</Text>.
          </>
        )}
      </p>
      <PolicyEditor holder={holder} name={name} armed={armed} draft={draft} onDraft={setDraft} />
      <PolicyHistory holder={holder} onRestore={setDraft} />
    </>
  );
}
