import type { SpendScope, WireBudget } from "@holdpoint/protocol/spend";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { AmountField } from "../money/amount-field.js";
import { CurrencyField } from "../money/currency-field.js";
import { Money } from "../money/money.js";
import { readAmount } from "../money/read.js";
import { useSession } from "../session/session.js";
import { FormModal } from "../ui/form-modal.js";
import { Text } from "../ui/text.js";
import { setBudget } from "./queries.js";

export interface BudgetTarget {
  readonly scope: SpendScope;
  /** With the scope `agent`. */
  readonly agentId?: string;
  readonly name: string;
  /** The budget that is there already. */
  readonly budget?: WireBudget;
}

const SHARED: Readonly<Record<SpendScope, string>> = {
  agent: "What this agent may hold and spend in all.",
  project: "What all agents of the project may hold and spend together.",
  organisation: "What all projects of the organisation may hold and spend together.",
};

/** Sets how much there is in all, or takes the budget away. */
export function SetBudgetDialog({
  target,
  onClose,
}: {
  target: BudgetTarget;
  onClose: () => void;
}) {
  const { project } = useSession();
  const { scope, agentId, name, budget } = target;
  const client = useQueryClient();
  const [currency, setCurrency] = useState(budget?.currency ?? "EUR");
  const [amount, setAmount] = useState("");
  const [unlimited, setUnlimited] = useState(false);
  const read = readAmount(amount, currency);
  const save = useMutation({
    mutationFn: (amountMinor: number | null) =>
      setBudget(project.id, {
        scope,
        ...(agentId !== undefined && { agent_id: agentId }),
        currency,
        amount_minor: amountMinor,
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["requests", project.id] });
      onClose();
    },
  });
  const submit = () => {
    if (unlimited) save.mutate(null);
    else if (read.ok) save.mutate(Number(read.minor));
  };
  return (
    <FormModal
      title={budget?.allocated ? "Change budget" : "Set budget"}
      action={unlimited ? "Take the budget away" : "Set budget"}
      look={unlimited ? "danger" : "primary"}
      ready={(unlimited || read.ok) && !save.isPending}
      error={save.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>
        <strong>
          <Text maxLength={100}>{name}</Text>
        </strong>
        <span className="block text-soft">
          {SHARED[scope]} Purchases have to fit every budget above them too.
        </span>
      </p>
      <CurrencyField value={currency} onChange={setCurrency} disabled={budget !== undefined} />
      {!unlimited && (
        <AmountField
          label="Amount in all"
          currency={currency}
          value={amount}
          onChange={setAmount}
          autoFocus
        />
      )}
      {budget && (
        <p className="text-sm text-soft">
          Now {budget.allocated === null ? "no budget" : <Money value={budget.allocated} />}, with{" "}
          <Money value={budget.spent} /> spent and <Money value={budget.held} /> held. It cannot be
          less than those together.
        </p>
      )}
      {budget?.allocated && (
        <label className="flex items-start gap-2">
          <input
            type="checkbox"
            className="mt-1 size-4 accent-accent"
            checked={unlimited}
            onChange={({ target: box }) => setUnlimited(box.checked)}
          />
          <span>
            No budget
            <span className="block text-sm text-faint">
              Only policies and the budgets above limit then.
            </span>
          </span>
        </label>
      )}
    </FormModal>
  );
}
