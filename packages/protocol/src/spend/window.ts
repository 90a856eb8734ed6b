import { Temporal } from "temporal-polyfill";

/** The windows that limits count in, beside ever. */
export const SPEND_WINDOWS = ["day", "week", "month"] as const;
export type SpendWindow = (typeof SPEND_WINDOWS)[number];

/** A stretch of time: `startsAt` belongs to it, `endsAt` does not. Milliseconds since the epoch. */
export interface WindowBounds {
  readonly startsAt: number;
  readonly endsAt: number;
}

export type SpendWindows = Readonly<Record<SpendWindow, WindowBounds>>;

/** A day by the calendar of a time zone, with the windows that every instant of it lies in. */
export interface CalendarDay {
  readonly timezone: string;
  readonly date: Temporal.PlainDate;
  readonly windows: SpendWindows;
  /** Nanoseconds ahead of UTC; `undefined` on a day on which the clocks are changed. */
  readonly offsetNs: number | undefined;
}

// A day is asked for over and over, for it is today's. Purchases that are confirmed or refunded
// later ask for a few days more. Both bounds keep what a long-lived process remembers small.
const ZONES_KEPT = 64;
const DAYS_KEPT = 8;
const daysOfZones = new Map<string, readonly CalendarDay[]>();

/**
 * The day, the week (from Monday) and the month around an instant, by the clocks of a time zone: a
 * day has 23 or 25 hours where they are changed.
 *
 * @param timezone - An IANA name.
 * @throws {RangeError} for a time zone that does not exist.
 */
export function windowsAt(timezone: string, instantMs: number): SpendWindows {
  return calendarDayAt(timezone, instantMs).windows;
}

/** @throws {RangeError} for a time zone that does not exist. */
export function calendarDayAt(timezone: string, instantMs: number): CalendarDay {
  const kept = daysOfZones.get(timezone) ?? [];
  const known = kept.find(({ windows }) => isWithin(windows.day, instantMs));
  if (known !== undefined) return known;

  const day = computeDay(timezone, instantMs);
  if (kept.length === 0) makeRoom();
  daysOfZones.set(timezone, [day, ...kept].slice(0, DAYS_KEPT));
  return day;
}

export function isWithin({ startsAt, endsAt }: WindowBounds, instantMs: number): boolean {
  return startsAt <= instantMs && instantMs < endsAt;
}

function computeDay(timezone: string, instantMs: number): CalendarDay {
  const now = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timezone);
  const date = now.toPlainDate();
  const week = date.subtract({ days: date.dayOfWeek - 1 });
  const month = date.with({ day: 1 });
  const bounds = (from: Temporal.PlainDate, lasts: Temporal.DurationLike): WindowBounds =>
    Object.freeze({
      startsAt: from.toZonedDateTime(timezone).epochMilliseconds,
      endsAt: from.add(lasts).toZonedDateTime(timezone).epochMilliseconds,
    });
  const windows = Object.freeze({
    day: bounds(date, { days: 1 }),
    week: bounds(week, { weeks: 1 }),
    month: bounds(month, { months: 1 }),
  });
  const offsetAt = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timezone).offsetNanoseconds;
  const offsetNs = offsetAt(windows.day.startsAt);
  const isSteady = offsetNs === offsetAt(windows.day.endsAt - 1);
  return { timezone, date, windows, offsetNs: isSteady ? offsetNs : undefined };
}

/** What the clocks show, `HH:MM`. */
export function clockAt({ timezone, offsetNs }: CalendarDay, instantMs: number): string {
  // Plain arithmetic is a hundred times cheaper, and every judgement tells the time.
  if (offsetNs !== undefined) {
    const minutes = Math.floor((instantMs + offsetNs / 1_000_000) / 60_000);
    const [hour, minute] = [modulo(Math.floor(minutes / 60), 24), modulo(minutes, 60)];
    return `${hour < 10 ? "0" : ""}${hour}:${minute < 10 ? "0" : ""}${minute}`;
  }
  return Temporal.Instant.fromEpochMilliseconds(instantMs)
    .toZonedDateTimeISO(timezone)
    .toPlainTime()
    .toString({ smallestUnit: "minute" });
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

function makeRoom(): void {
  if (daysOfZones.size < ZONES_KEPT) return;
  const [oldest] = daysOfZones.keys();
  if (oldest !== undefined) daysOfZones.delete(oldest);
}
