import { Temporal } from "temporal-polyfill";
import type { ValidationIssue } from "../../problem.js";
import type { ScheduleOverride, SpendPolicy, SpendSchedule, TimeWindows } from "../policy.js";
import { WEEKDAYS } from "../policy.js";
import { minutesOf, planOf, windowsOf } from "../schedule.js";

export function findScheduleIssues(policy: SpendPolicy): readonly ValidationIssue[] {
  const { schedule } = policy;
  const zones = findZoneIssues(policy);
  if (schedule === undefined) return zones;
  const windows = findWindowIssues(schedule);
  const others = [...zones, ...findContradictions(schedule), ...windows];
  if (windows.length > 0 || opensEver(schedule)) return others;
  return [
    ...others,
    {
      path: "/schedule",
      message: "Expected a schedule that opens at some time of the week, got one that never does.",
    },
  ];
}

/** An override that other overrides leave nothing to decide. */
export function findScheduleWarnings({ schedule }: SpendPolicy): readonly string[] {
  const overrides = schedule?.overrides ?? [];
  return overrides.flatMap((override, index) => {
    const name = `Override ${index + 1} (${override.days.join(", ")})`;
    const earlier = overrides.slice(0, index);
    if (!decidesTime(override) && !decidesLimit(override)) {
      return [`${name} says neither when money may be spent nor how much.`];
    }
    return [
      ...(isHidden(override, earlier, decidesTime)
        ? [`${name} never decides on the time: earlier overrides name its days.`]
        : []),
      ...(isHidden(override, earlier, decidesLimit)
        ? [`${name} never sets the daily limit: earlier overrides do so on its days.`]
        : []),
    ];
  });
}

function findZoneIssues({ timezone, schedule }: SpendPolicy): readonly ValidationIssue[] {
  const zones = [
    { path: "/timezone", zone: timezone },
    { path: "/schedule/timezone", zone: schedule?.timezone },
  ];
  const unknown = zones.flatMap(({ path, zone }) =>
    zone === undefined || isTimeZone(zone)
      ? []
      : [
          {
            path,
            message: `Expected an IANA time zone, for example Europe/Berlin, got ${JSON.stringify(zone)}.`,
          },
        ],
  );
  const differ =
    timezone !== undefined && schedule?.timezone !== undefined && timezone !== schedule.timezone;
  if (!differ) return unknown;
  const message = `Expected the time zone of the policy, ${timezone}, got ${schedule.timezone}. Leave it out.`;
  return [...unknown, { path: "/schedule/timezone", message }];
}

/** `+01:00` is a distance from UTC, not a place whose clocks change. */
function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

function findContradictions({ overrides = [] }: SpendSchedule): readonly ValidationIssue[] {
  return overrides.flatMap(({ allow, deny }, index) =>
    allow === undefined || deny === undefined
      ? []
      : [
          {
            path: `/schedule/overrides/${index}/deny`,
            message: "Expected either allow or deny, got both.",
          },
        ],
  );
}

function findWindowIssues(schedule: SpendSchedule): readonly ValidationIssue[] {
  const overrides = schedule.overrides ?? [];
  return [
    ...issuesOf(schedule.default?.allow, "/schedule/default/allow"),
    ...overrides.flatMap(({ allow }, index) =>
      issuesOf(allow, `/schedule/overrides/${index}/allow`),
    ),
  ];
}

function issuesOf(allow: TimeWindows | undefined, path: string): readonly ValidationIssue[] {
  if (allow === undefined) return [];
  return windowsOf(allow).flatMap((window, index) => {
    const message = faultOf(window);
    if (message === undefined) return [];
    return [{ path: typeof allow === "string" ? path : `${path}/${index}`, message }];
  });
}

function faultOf(window: string): string | undefined {
  try {
    const { from, to } = minutesOf(window);
    if (from < to) return undefined;
    return `Expected a window that lasts at least a minute, got ${window}. The whole day is 00:00-24:00.`;
  } catch {
    return `Expected a window of time as HH:MM-HH:MM, for example 09:00-17:30, got ${JSON.stringify(window)}.`;
  }
}

function opensEver(schedule: SpendSchedule): boolean {
  return WEEKDAYS.some((weekday) => planOf(schedule, weekday).open !== "never");
}

const decidesTime = ({ allow, deny }: ScheduleOverride) => allow !== undefined || deny === true;
const decidesLimit = ({ daily_limit }: ScheduleOverride) => daily_limit !== undefined;

function isHidden(
  override: ScheduleOverride,
  earlier: readonly ScheduleOverride[],
  decides: (override: ScheduleOverride) => boolean,
): boolean {
  if (!decides(override)) return false;
  return override.days.every((day) =>
    earlier.some((other) => decides(other) && other.days.includes(day)),
  );
}
