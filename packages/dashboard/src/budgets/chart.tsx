import { formatMoney } from "../money/format.js";
import type { BurnDownColumn } from "./burn-down.js";

const LEFT_HEIGHT = 64;
const BAR_HEIGHT = 44;
const GAP = 12;
const HEIGHT = LEFT_HEIGHT + GAP + BAR_HEIGHT;
/** Of a column's width, so that neighbours stay apart. */
const BAR_SHARE = 0.72;

const dayFormat = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});

/** `3 Mar`, in the reader's language. */
export function dayName(at: string): string {
  return dayFormat.format(new Date(at));
}

/** What was left as a line, what was reserved as bars beneath it, one column for each window. */
export function BurnDownChart({
  columns,
  currency,
  label,
}: {
  columns: readonly BurnDownColumn[];
  currency: string;
  label: string;
}) {
  const money = (amount_minor: number) => formatMoney({ amount_minor, currency });
  const lefts = columns.map(({ availableMinor }) => availableMinor);
  const mostLeft = Math.max(0, ...lefts.map((left) => left ?? 0));
  const mostReserved = Math.max(0, ...columns.map(({ reservedMinor }) => reservedMinor));
  const limited = lefts.some((left) => left !== null);
  return (
    <figure aria-label={label} className="space-y-1">
      <figcaption className="flex justify-between gap-4 text-xs text-faint">
        <span>{limited ? `Left, up to ${money(mostLeft)}` : "No budget is set"}</span>
        <span>Bars: reserved, up to {money(mostReserved)}</span>
      </figcaption>
      <svg
        role="img"
        aria-label={`${label}. The numbers follow as a table.`}
        viewBox={`0 0 ${Math.max(1, columns.length)} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-32 w-full"
      >
        <line
          x1="0"
          x2={columns.length}
          y1={LEFT_HEIGHT}
          y2={LEFT_HEIGHT}
          vectorEffect="non-scaling-stroke"
          className="stroke-line"
        />
        {limited && (
          <>
            <path d={areaOf(lefts, mostLeft)} className="fill-accent-wash" />
            <path
              d={stepsOf(lefts, mostLeft)}
              fill="none"
              strokeWidth="1.5"
              vectorEffect="non-scaling-stroke"
              className="stroke-accent"
            />
          </>
        )}
        {columns.map(({ at, reservedMinor }, index) => (
          <rect
            key={at}
            x={index + (1 - BAR_SHARE) / 2}
            width={BAR_SHARE}
            y={HEIGHT - heightOf(reservedMinor, mostReserved, BAR_HEIGHT)}
            height={heightOf(reservedMinor, mostReserved, BAR_HEIGHT)}
            className="fill-edge"
          />
        ))}
        <line
          x1="0"
          x2={columns.length}
          y1={HEIGHT - 0.5}
          y2={HEIGHT - 0.5}
          vectorEffect="non-scaling-stroke"
          className="stroke-line"
        />
        {columns.map((column, index) => (
          <rect key={column.at} x={index} width="1" height={HEIGHT} fill="transparent">
            <title>{describe(column, money)}</title>
          </rect>
        ))}
      </svg>
      <p aria-hidden className="flex justify-between text-xs text-faint">
        <span>{columns[0] && dayName(columns[0].at)}</span>
        <span>{columns.length > 1 && dayName(columns.at(-1)?.at ?? "")}</span>
      </p>
    </figure>
  );
}

function describe(column: BurnDownColumn, money: (minor: number) => string): string {
  const left = column.availableMinor === null ? "" : `, ${money(column.availableMinor)} left`;
  return `${dayName(column.at)}: ${money(column.reservedMinor)} reserved, ${money(column.spentMinor)} spent${left}`;
}

function heightOf(minor: number, most: number, height: number): number {
  return most === 0 ? 0 : (Math.max(0, minor) / most) * height;
}

/** A balance holds until it changes: steps, not slopes. */
function stepsOf(lefts: readonly (number | null)[], most: number): string {
  let open = false;
  return lefts
    .map((left, index) => {
      if (left === null) {
        open = false;
        return "";
      }
      const y = LEFT_HEIGHT - heightOf(left, most, LEFT_HEIGHT - 2);
      const start = open ? `V${y}` : `M${index} ${y}`;
      open = true;
      return `${start}H${index + 1}`;
    })
    .join("");
}

function areaOf(lefts: readonly (number | null)[], most: number): string {
  return lefts
    .map((left, index) => {
      const y = LEFT_HEIGHT - heightOf(left ?? 0, most, LEFT_HEIGHT - 2);
      return `M${index} ${LEFT_HEIGHT}V${y}H${index + 1}V${LEFT_HEIGHT}Z`;
    })
    .join("");
}
