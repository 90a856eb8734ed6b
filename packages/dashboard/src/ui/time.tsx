import { useSyncExternalStore } from "react";
import { serverNow } from "../server/clock.js";
import { formatAge, formatDuration, urgencyOf } from "./duration.js";

const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;
let second = Math.floor(serverNow() / 1_000);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  ticking ??= setInterval(tick, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

function tick(): void {
  second = Math.floor(serverNow() / 1_000);
  for (const listener of listeners) listener();
}

/** The server's time in milliseconds, once a second, one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => second) * 1_000;
}

const exactFormat = new Intl.DateTimeFormat(undefined, {
  dateStyle: "medium",
  timeStyle: "medium",
});

/** Local time, and the exact UTC instant as it stands in the log. */
export function exactTime(iso: string): string {
  return `${exactFormat.format(new Date(iso))} (${iso})`;
}

/** `4m ago`, the exact time on hover. */
export function Age({ at, suffix = true }: { at: string; suffix?: boolean }) {
  const now = useNow();
  const age = formatAge(now - Date.parse(at));
  return (
    <time dateTime={at} title={exactTime(at)} className="whitespace-nowrap">
      {age === "now" || !suffix ? age : `${age} ago`}
    </time>
  );
}

/** `2h 14m left`, heavier in the last five minutes; the exact time on hover. */
export function Countdown({ until }: { until: string }) {
  const left = Date.parse(until) - useNow();
  const urgency = urgencyOf(left);
  return (
    <time
      dateTime={until}
      title={`Expires ${exactTime(until)}`}
      className={`whitespace-nowrap ${urgency === "later" ? "" : "font-semibold text-ink"}`}
    >
      {urgency === "over" ? "expired" : `${formatDuration(left)} left`}
    </time>
  );
}
