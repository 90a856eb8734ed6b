/**
 * Where rows stand in a live list while somebody points at one.
 *
 * Everything down to the anchored row keeps its place, including what has left the list, so that
 * the row does not move under a pointer or a thumb. New rows that belong above it wait right
 * below it. Without an anchor the fresh order holds.
 *
 * @param shown - Ids as they stand now.
 * @param fresh - Ids as they should stand.
 * @param anchorIds - Rows under the pointer or with the focus.
 */
export function placeRows(
  shown: readonly string[],
  fresh: readonly string[],
  anchorIds: readonly (string | undefined)[],
): readonly string[] {
  const anchor = Math.max(
    ...anchorIds.map((id) => (id === undefined ? -1 : shown.indexOf(id))),
    -1,
  );
  if (anchor === -1) return fresh;
  const held = shown.slice(0, anchor + 1);
  const heldIds = new Set(held);
  return [...held, ...fresh.filter((id) => !heldIds.has(id))];
}

/** The row to go to when `goneIds` leave: the next one that stays, else the one before. */
export function neighbourOf(
  shown: readonly string[],
  currentId: string | undefined,
  goneIds: ReadonlySet<string>,
): string | undefined {
  const start = currentId === undefined ? 0 : Math.max(0, shown.indexOf(currentId));
  const after = shown.slice(start).find((id) => !goneIds.has(id));
  return after ?? shown.slice(0, start).findLast((id) => !goneIds.has(id));
}
