import type { WireMoney } from "@holdpoint/protocol/spend";
import { formatMoney } from "./format.js";

/** An amount in the reader's locale; how it stands in the log on hover. */
export function Money({ value, strong = false }: { value: WireMoney; strong?: boolean }) {
  return (
    <data
      value={value.amount_minor}
      title={`${value.amount_minor} minor units of ${value.currency}`}
      className={`whitespace-nowrap ${strong ? "font-semibold" : ""} ${value.amount_minor < 0 ? "text-removed" : ""}`}
    >
      {formatMoney(value)}
    </data>
  );
}
