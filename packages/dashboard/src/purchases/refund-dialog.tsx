import { formatAmount, type WireMoney, type WirePurchase } from "@holdpoint/protocol/spend";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { typeidUnboxed } from "typeid-js";
import { AmountField } from "../money/amount-field.js";
import { formatMoney } from "../money/format.js";
import { readAmount } from "../money/read.js";
import { useSession } from "../session/session.js";
import { FormModal } from "../ui/form-modal.js";
import { ReasonField } from "../ui/reason-field.js";
import { refundPurchase } from "./queries.js";

/** Records that money came back; it returns to the windows it was counted in. */
export function RefundDialog({
  purchase,
  rest,
  onClose,
}: {
  purchase: WirePurchase;
  /** What may still be given back. */
  rest: WireMoney;
  onClose: () => void;
}) {
  const { project } = useSession();
  const client = useQueryClient();
  const { currency } = rest;
  // Made once, so that pressing twice refunds once.
  const [refundId] = useState(() => typeidUnboxed("rfd"));
  const [amount, setAmount] = useState(() => formatAmount(BigInt(rest.amount_minor), currency));
  const [reason, setReason] = useState("");
  const read = readAmount(amount, currency);
  const fits = read.ok && read.minor > 0n && read.minor <= BigInt(rest.amount_minor);
  const save = useMutation({
    mutationFn: (amountMinor: number) =>
      refundPurchase(project.id, purchase.id, {
        id: refundId,
        amount: { amount_minor: amountMinor, currency },
        ...(reason.trim() !== "" && { reason: reason.trim() }),
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["requests", project.id] });
      onClose();
    },
  });
  return (
    <FormModal
      title="Refund purchase"
      action="Record the refund"
      ready={fits && !save.isPending}
      error={save.error}
      onSubmit={() => read.ok && save.mutate(Number(read.minor))}
      onClose={onClose}
    >
      <p className="text-soft">
        Holdpoint moves no money. This records that the seller gave it back, and frees it in the
        budgets and in the windows it was counted in.
      </p>
      <AmountField
        label="Refunded"
        currency={currency}
        value={amount}
        onChange={setAmount}
        hint={`At most ${formatMoney(rest)}.`}
        {...(read.ok &&
          !fits && { faults: [`Write more than nothing, and at most ${formatMoney(rest)}.`] })}
        autoFocus
      />
      <ReasonField value={reason} onChange={setReason} />
    </FormModal>
  );
}
