import { useState } from "react";
import { keep, readKept } from "../ui/browser-storage.js";

const STORAGE_KEY = "holdpoint.suggestions-put-off";
/** More than anybody puts off; the oldest come back. */
const MOST = 100;

/** Suggestions that somebody does not want to see in this browser, by their statements. */
export function usePutOff(): readonly [ReadonlySet<string>, (statement: string) => void] {
  const [statements, setStatements] = useState(read);
  const putOff = (statement: string) => {
    const next = [...statements, statement].slice(-MOST);
    setStatements(next);
    keep(STORAGE_KEY, JSON.stringify(next));
  };
  return [new Set(statements), putOff];
}

function read(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(readKept(STORAGE_KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}
