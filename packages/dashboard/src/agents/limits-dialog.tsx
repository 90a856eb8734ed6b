import type { WireAgentDetails, WireAgentLimits } from "@holdpoint/protocol/gate";
import { formatAmount } from "@holdpoint/protocol/spend";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { AmountField } from "../money/amount-field.js";
import { CurrencyField } from "../money/currency-field.js";
import { readAmount } from "../money/read.js";
import { useSession } from "../session/session.js";
import { FormModal } from "../ui/form-modal.js";
import { Text } from "../ui/text.js";
import { setAgentLimits } from "./queries.js";
import { isScopeChoice, ScopesField, scopeChoiceOf, scopesOf } from "./scopes.js";

/** The most an agent may have, whatever it asks for. */
export function LimitsDialog({ agent, onClose }: { agent: WireAgentDetails; onClose: () => void }) {
  const { project } = useSession();
  const client = useQueryClient();
  const form = useLimitsForm(agent.limits);
  const save = useMutation({
    mutationFn: (body: WireAgentLimits) => setAgentLimits(project.id, agent.id, body),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["requests", project.id, "agents"] });
      onClose();
    },
  });
  return (
    <FormModal
      title="Limits"
      action="Set limits"
      ready={form.body !== undefined && !save.isPending}
      error={save.error}
      onSubmit={() => form.body !== undefined && save.mutate(form.body)}
      onClose={onClose}
    >
      <p>
        <strong>
          <Text maxLength={100}>{agent.name}</Text>
        </strong>
        <span className="block text-soft">
          The most it may have, over all its sessions, whatever its credentials say.
        </span>
      </p>
      <CallsField value={form.calls} isWrong={form.isCallsWrong} onChange={form.setCalls} />
      <div className="grid gap-4 sm:grid-cols-2">
        <AmountField
          label="Cost a day"
          currency={form.currency}
          value={form.cost}
          onChange={form.setCost}
          aside="UTC"
        />
        <CurrencyField value={form.currency} onChange={form.setCurrency} />
      </div>
      <label className="flex items-start gap-2">
        <input
          type="checkbox"
          className="mt-1 size-4 accent-accent"
          checked={form.isNarrowed}
          onChange={({ target }) => form.setNarrowed(target.checked)}
        />
        <span>
          Narrow the scopes of its leases
          <span className="block text-sm text-faint">
            Otherwise a lease may have those of the credential it is asked for with.
          </span>
        </span>
      </label>
      {form.isNarrowed && (
        <ScopesField
          legend="Scopes its leases may have"
          choice={form.scopes}
          onChange={form.setScopes}
        />
      )}
    </FormModal>
  );
}

/** What is typed, and what it would set; no `body` while something is wrong. */
function useLimitsForm(limits: WireAgentLimits) {
  const { scopes: scopesNow, max_calls_per_day: callsNow, max_cost_per_day: costNow } = limits;
  const [calls, setCalls] = useState(callsNow === undefined ? "" : String(callsNow));
  const [currency, setCurrency] = useState(costNow?.currency ?? "EUR");
  const [cost, setCost] = useState(
    costNow === undefined ? "" : formatAmount(BigInt(costNow.amount_minor), costNow.currency),
  );
  const [isNarrowed, setNarrowed] = useState(scopesNow !== undefined);
  const [scopes, setScopes] = useState(scopeChoiceOf(scopesNow ?? ["gate"]));
  const read = readAmount(cost, currency);
  const isCallsWrong = calls.trim() !== "" && !/^[1-9]\d{0,8}$/.test(calls.trim());
  const isReady =
    !isCallsWrong && (cost === "" || read.ok) && (!isNarrowed || isScopeChoice(scopes));
  const body: WireAgentLimits = {
    ...(isNarrowed && { scopes: scopesOf(scopes) }),
    ...(calls.trim() !== "" && { max_calls_per_day: Number(calls.trim()) }),
    ...(cost !== "" &&
      read.ok && { max_cost_per_day: { amount_minor: Number(read.minor), currency } }),
  };
  return {
    ...{ calls, setCalls, isCallsWrong, currency, setCurrency, cost, setCost },
    ...{ isNarrowed, setNarrowed, scopes, setScopes },
    body: isReady ? body : undefined,
  };
}

function CallsField({
  value,
  isWrong,
  onChange,
}: {
  value: string;
  isWrong: boolean;
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="font-semibold">
        Calls a day
      </label>
      <span className="ml-2 font-mono text-xs text-faint">UTC</span>
      <input
        id={id}
        inputMode="numeric"
        autoComplete="off"
        placeholder="no limit"
        className="field mt-1 block max-w-40 text-right font-mono"
        value={value}
        aria-invalid={isWrong}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => onChange(target.value)}
      />
      <p id={`${id}-hint`} className={`mt-1 text-sm ${isWrong ? "text-removed" : "text-faint"}`}>
        {isWrong ? "Write a whole number above 0, or nothing." : "Calls of actions, not requests."}
      </p>
    </div>
  );
}
