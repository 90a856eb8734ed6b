import { Temporal } from "temporal-polyfill";

/** The windows that limits count in, beside ever. */
export const SPEND_WINDOWS = ["day", "week", "month"] as const;
export type SpendWindow = (typeof SPEND_WINDOWS)[number];

/** A stretch of time: `startsAt` belongs to it, `endsAt` does not. Milliseconds since the epoch. */
export interface WindowBounds {
  readonly startsAt: number;
  readonly endsAt: number;
}

/**
 * The day, the week (from Monday) and the month around an instant, by the clocks of a time zone: a
 * day has 23 or 25 hours where they are changed.
 *
 * @param timezone - An IANA name.
 * @throws {RangeError} for a time zone that does not exist.
 */
export function windowsAt(
  timezone: string,
  instantMs: number,
): Readonly<Record<SpendWindow, WindowBounds>> {
  const now = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timezone);
  const day = now.toPlainDate();
  const week = day.subtract({ days: day.dayOfWeek - 1 });
  const month = day.with({ day: 1 });
  const bounds = (from: Temporal.PlainDate, lasts: Temporal.DurationLike): WindowBounds => ({
    startsAt: from.toZonedDateTime(timezone).epochMilliseconds,
    endsAt: from.add(lasts).toZonedDateTime(timezone).epochMilliseconds,
  });
  return {
    day: bounds(day, { days: 1 }),
    week: bounds(week, { weeks: 1 }),
    month: bounds(month, { months: 1 }),
  };
}
