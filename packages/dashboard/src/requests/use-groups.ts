import type { WireRequest } from "@holdpoint/protocol";
import { useRef } from "react";
import { gatherGroups, type InboxLine } from "./groups.js";

/**
 * Gathers floods into groups, none of which comes to be or falls apart under a pointer.
 *
 * @param asked - The key of a group that somebody has asked for, however small it is.
 */
export function useGroups(
  rows: readonly WireRequest[],
  listKey: string,
  isHeld: boolean,
  asked: string | undefined,
): readonly InboxLine[] {
  const memory = useRef<{ readonly key: string; readonly formed: ReadonlySet<string> }>({
    key: listKey,
    formed: new Set(),
  });
  const isSameList = memory.current.key === listKey;
  const formed = new Set(isSameList ? memory.current.formed : []);
  if (asked !== undefined) formed.add(asked);
  const lines = gatherGroups(rows, formed, !isHeld || !isSameList);
  const keys = lines.flatMap((line) => (line.kind === "group" ? [line.key] : []));
  memory.current = { key: listKey, formed: new Set(keys) };
  return lines;
}
