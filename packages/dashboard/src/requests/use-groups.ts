import type { WireRequest } from "@holdpoint/protocol";
import { useRef } from "react";
import { gatherGroups, type InboxLine } from "./groups.js";

/** Gathers floods into groups, none of which comes to be or falls apart under a pointer. */
export function useGroups(
  rows: readonly WireRequest[],
  listKey: string,
  isHeld: boolean,
): readonly InboxLine[] {
  const memory = useRef<{ readonly key: string; readonly formed: ReadonlySet<string> }>({
    key: listKey,
    formed: new Set(),
  });
  const isSameList = memory.current.key === listKey;
  const formed = isSameList ? memory.current.formed : new Set<string>();
  const lines = gatherGroups(rows, formed, !isHeld || !isSameList);
  const keys = lines.flatMap((line) => (line.kind === "group" ? [line.key] : []));
  memory.current = { key: listKey, formed: new Set(keys) };
  return lines;
}
