import { listCurrencies } from "@holdpoint/protocol/spend";
import { useId } from "react";

/** A currency to choose, by its code, with its name in the reader's language. */
export function CurrencyField({
  value,
  onChange,
  disabled = false,
}: {
  value: string;
  onChange: (currency: string) => void;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="font-semibold">
        Currency
      </label>
      <select
        id={id}
        className="field mt-1 max-w-72"
        value={value}
        disabled={disabled}
        onChange={({ target }) => onChange(target.value)}
      >
        {listCurrencies().map((code) => (
          <option key={code} value={code}>
            {code} {nameOf(code)}
          </option>
        ))}
      </select>
    </div>
  );
}

const names = new Intl.DisplayNames(undefined, { type: "currency", fallback: "none" });

function nameOf(code: string): string {
  if (code.length !== 3) return "";
  const name = names.of(code);
  return name === undefined ? "" : `· ${name}`;
}
