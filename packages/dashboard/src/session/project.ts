import { useSyncExternalStore } from "react";
import { keep, readKept } from "../ui/browser-storage.js";

const STORAGE_KEY = "holdpoint.project";
const listeners = new Set<() => void>();
let chosen = readKept(STORAGE_KEY);

/** Remembers which project this browser looks at. */
export function chooseProject(projectId: string): void {
  chosen = projectId;
  keep(STORAGE_KEY, projectId);
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
