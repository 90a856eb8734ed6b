import { useState } from "react";

const STORAGE_KEY = "holdpoint.suggestions-put-off";
/** More than anybody puts off; the oldest come back. */
const MOST = 100;

/** Suggestions that somebody does not want to see in this browser, by their statements. */
export function usePutOff(): readonly [ReadonlySet<string>, (statement: string) => void] {
  const [statements, setStatements] = useState(read);
  const putOff = (statement: string) => {
    const next = [...statements, statement].slice(-MOST);
    setStatements(next);
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(next));
    } catch {
      // Storage is off: the choice holds until the page closes.
    }
  };
  return [new Set(statements), putOff];
}

function read(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}
