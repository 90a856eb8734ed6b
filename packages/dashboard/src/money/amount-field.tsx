import { useId, useState } from "react";
import { formatMoney } from "./format.js";
import { plainAmount, readAmount } from "./read.js";

export interface AmountFieldProps {
  readonly label: string;
  readonly currency: string;
  /** Decimal text; empty for nothing. What is no amount is kept as typed. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  /** What is wrong with it, where the form knows more than the amount. */
  readonly faults?: readonly string[];
  /** What stands beside the label, for a field that may stay empty. */
  readonly aside?: string;
  readonly autoFocus?: boolean;
}

/** An amount to type, with how it was understood beside it, in the reader's own writing. */
export function AmountField(props: AmountFieldProps) {
  const { label, currency, value, onChange, hint, faults, aside, autoFocus } = props;
  const id = useId();
  // What is typed may read otherwise than it is written: `12,50` is kept as `12.50`.
  const [typed, setTyped] = useState(value);
  const text = plainAmount(typed) === value ? typed : value;
  const read = readAmount(value, currency);
  const shown = faults ?? (read.ok || value === "" ? [] : [read.fault]);
  return (
    <div>
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      {aside !== undefined && <span className="ml-2 font-mono text-xs text-faint">{aside}</span>}
      <span className="mt-1 flex items-center gap-2.5">
        <input
          id={id}
          inputMode="decimal"
          autoComplete="off"
          data-autofocus={autoFocus ? "" : undefined}
          className="field max-w-40 text-right font-mono"
          value={text}
          placeholder={aside === undefined ? "" : "no limit"}
          aria-invalid={shown.length > 0}
          aria-describedby={`${id}-read ${id}-hint`}
          onChange={({ target }) => {
            setTyped(target.value);
            onChange(plainAmount(target.value));
          }}
        />
        <output id={`${id}-read`} htmlFor={id} className="text-soft">
          {read.ok && value !== ""
            ? formatMoney({ amount_minor: Number(read.minor), currency })
            : currency}
        </output>
      </span>
      <div id={`${id}-hint`} className="mt-1 text-sm">
        {hint !== undefined && <p className="text-faint">{hint}</p>}
        {shown.map((fault) => (
          <p key={fault} className="text-removed">
            {fault}
          </p>
        ))}
      </div>
    </div>
  );
}
