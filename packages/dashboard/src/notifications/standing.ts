import { useSyncExternalStore } from "react";
import { keep, readKept } from "../ui/browser-storage.js";

const STORAGE_KEY = "holdpoint.notifications";

/** Whether this browser tells of requests, or why it cannot. */
export type Standing = "on" | "off" | "blocked" | "insecure" | "unsupported";

export interface BrowserFacts {
  readonly isSecure: boolean;
  readonly isSupported: boolean;
  readonly permission: NotificationPermission;
  readonly isWanted: boolean;
}

/** The choice, as far as the browser lets it stand. */
export function standingOf({
  isSecure,
  isSupported,
  permission,
  isWanted,
}: BrowserFacts): Standing {
  if (!isSecure) return "insecure";
  if (!isSupported) return "unsupported";
  if (permission === "denied") return "blocked";
  return isWanted && permission === "granted" ? "on" : "off";
}

const listeners = new Set<() => void>();
let isWanted = readChoice();
let isSupported = "Notification" in globalThis;

function readChoice(): boolean {
  return readKept(STORAGE_KEY) === "on";
}

function readStanding(): Standing {
  const permission = isSupported ? Notification.permission : "denied";
  return standingOf({ isSecure: window.isSecureContext, isSupported, permission, isWanted });
}

export function useStanding(): Standing {
  return useSyncExternalStore(subscribe, readStanding);
}

/** Asks for the browser's permission, and for nothing before. For a click, as browsers insist on one. */
export async function turnOn(): Promise<void> {
  if (!isSupported) return;
  if (Notification.permission === "default" && !canConstruct()) return reportUnsupported();
  if ((await Notification.requestPermission()) === "granted") choose(true);
  announce();
}

export function turnOff(): void {
  choose(false);
}

/** Says that this browser has refused to make one. */
export function reportUnsupported(): void {
  isSupported = false;
  announce();
}

/** Chrome on Android leaves them to service workers, and tells only whoever tries. Unpermitted, none is shown. */
function canConstruct(): boolean {
  try {
    new Notification("Holdpoint").close();
    return true;
  } catch {
    return false;
  }
}

function choose(wanted: boolean): void {
  isWanted = wanted;
  keep(STORAGE_KEY, wanted ? "on" : "off");
  announce();
}

function announce(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  const leaving = new AbortController();
  const { signal } = leaving;
  const reread = ({ key }: StorageEvent) => {
    if (key !== STORAGE_KEY) return;
    isWanted = readChoice();
    listener();
  };
  listeners.add(listener);
  // Chosen in another tab, or permitted in the browser's own settings.
  window.addEventListener("storage", reread, { signal });
  void navigator.permissions
    ?.query({ name: "notifications" })
    .then((status) => status.addEventListener("change", listener, { signal }))
    .catch(() => undefined);
  return () => {
    leaving.abort();
    listeners.delete(listener);
  };
}
