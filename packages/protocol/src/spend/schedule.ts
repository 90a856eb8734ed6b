import { Temporal } from "temporal-polyfill";
import {
  type ScheduleOverride,
  type SpendSchedule,
  type TimeWindows,
  WEEKDAYS,
  type Weekday,
} from "./policy.js";
import { type CalendarDay, isWithin, type WindowBounds } from "./window.js";

/** What a schedule says of one day. */
export type DayPlan =
  | { readonly open: "always" }
  | { readonly open: "never" }
  | { readonly open: "windows"; readonly windows: readonly string[] };

/** A stretch in which money may be spent, and the entry it comes from. */
export interface Opening extends WindowBounds {
  readonly weekday: Weekday;
  readonly window: string;
}

const WINDOW = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/;
const WHOLE_DAY = "00:00-24:00";
const MINUTES_OF_DAY = 24 * 60;

export function weekdayOf(date: Temporal.PlainDate): Weekday {
  return WEEKDAYS[date.dayOfWeek - 1] as Weekday;
}

/** The first override that names the day and says something of its time; else the default. */
export function planOf(schedule: SpendSchedule, weekday: Weekday): DayPlan {
  const override = schedule.overrides?.find(
    ({ days, allow, deny }) => days.includes(weekday) && (deny === true || allow !== undefined),
  );
  if (override?.deny === true) return { open: "never" };
  const windows = override?.allow ?? schedule.default?.allow;
  if (windows === undefined) return { open: "always" };
  return { open: "windows", windows: windowsOf(windows) };
}

/** The first override that names the day and has a daily limit of its own. */
export function limitOverrideOf(
  schedule: SpendSchedule | undefined,
  weekday: Weekday,
): ScheduleOverride | undefined {
  return schedule?.overrides?.find(
    ({ days, daily_limit }) => days.includes(weekday) && daily_limit !== undefined,
  );
}

/**
 * When money may be spent on a day. A window over midnight belongs to the day on which it begins, so
 * the evening before has its say, whatever this day's own entry is.
 */
export function openingsOf(schedule: SpendSchedule, day: CalendarDay): readonly Opening[] {
  const { date, timezone, windows } = day;
  const before = date.subtract({ days: 1 });
  return [before, date]
    .flatMap((from) => openingsFrom(schedule, from, timezone))
    .filter(
      ({ startsAt, endsAt }) => startsAt < windows.day.endsAt && endsAt > windows.day.startsAt,
    )
    .filter(({ startsAt, endsAt }) => startsAt < endsAt);
}

export function openingAt(openings: readonly Opening[], instantMs: number): Opening | undefined {
  return openings.find((opening) => isWithin(opening, instantMs));
}

export function windowsOf(windows: TimeWindows): readonly string[] {
  return typeof windows === "string" ? [windows] : windows;
}

/**
 * Minutes from the midnight on which a window's day begins; `to` is past 1,440 where it ends on the
 * next day.
 *
 * @throws {RangeError} for what is no window.
 */
export function minutesOf(window: string): { readonly from: number; readonly to: number } {
  const match = WINDOW.exec(window);
  if (match === null) throw new RangeError("Expected a window of time as HH:MM-HH:MM.");
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = match.slice(1).map(Number);
  const from = fromHour * 60 + fromMinute;
  const to = toHour * 60 + toMinute;
  return { from, to: to < from ? to + MINUTES_OF_DAY : to };
}

function openingsFrom(
  schedule: SpendSchedule,
  date: Temporal.PlainDate,
  timezone: string,
): readonly Opening[] {
  const plan = planOf(schedule, weekdayOf(date));
  if (plan.open === "never") return [];
  const windows = plan.open === "always" ? [WHOLE_DAY] : plan.windows;
  return windows.map((window) => {
    const { from, to } = minutesOf(window);
    return {
      weekday: weekdayOf(date),
      window,
      startsAt: instantOf(date, from, timezone),
      endsAt: instantOf(date, to, timezone),
    };
  });
}

/**
 * A time that the clocks skip is taken as much later as they skip; of a time that they show twice
 * the first is taken (Temporal's "compatible").
 */
function instantOf(date: Temporal.PlainDate, minutes: number, timezone: string): number {
  const days = Math.floor(minutes / MINUTES_OF_DAY);
  const rest = minutes % MINUTES_OF_DAY;
  const time = Temporal.PlainTime.from({ hour: Math.floor(rest / 60), minute: rest % 60 });
  return date
    .add({ days })
    .toPlainDateTime(time)
    .toZonedDateTime(timezone, { disambiguation: "compatible" }).epochMilliseconds;
}
