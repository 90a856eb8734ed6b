import { useConnection } from "./live.js";
import type { Connection } from "./stream.js";

const WORDS: Readonly<Record<Connection, string>> = {
  connecting: "Connecting…",
  live: "Live",
  offline: "Offline – reconnecting",
  "signed-out": "Signed out",
};

/** Whether what is on the screen is current. */
export function ConnectionState() {
  const connection = useConnection();
  const live = connection === "live";
  return (
    <span
      role="status"
      aria-label="Connection"
      className="flex items-center gap-2 px-2 text-sm whitespace-nowrap text-soft"
    >
      <span
        aria-hidden
        className={`size-2 shrink-0 rounded-full ${live ? "bg-accent" : connection === "offline" ? "border-2 border-removed" : "border-2 border-edge"}`}
      />
      <span className={live ? "max-sm:sr-only" : "font-semibold text-ink"}>
        {WORDS[connection]}
      </span>
    </span>
  );
}
