import { useSyncExternalStore } from "react";

const STORAGE_KEY = "holdpoint.project";
const listeners = new Set<() => void>();
let chosen: string | undefined = read();

function read(): string | undefined {
  try {
    return localStorage.getItem(STORAGE_KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers which project this browser looks at. */
export function chooseProject(projectId: string): void {
  chosen = projectId;
  try {
    localStorage.setItem(STORAGE_KEY, projectId);
  } catch {
    // Storage is off: the choice holds until the page closes.
  }
  for (const listener of listeners) listener();
}

export function useChosenProject(): string | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => chosen,
  );
}
