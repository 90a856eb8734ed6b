import type { WireRequest } from "@holdpoint/protocol";
import { useRef, useState } from "react";
import { placeRows } from "./placement.js";

export interface PlacedRows {
  readonly rows: readonly WireRequest[];
  /** Ids that came while the list was being looked at. */
  readonly arrived: ReadonlySet<string>;
  /** Whether somebody points at a row, or has the focus in one. */
  readonly isHeld: boolean;
  /** Props for the element around the rows: it notices what is pointed at. */
  readonly anchorProps: {
    readonly onPointerOver: (event: React.PointerEvent) => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: (event: React.FocusEvent) => void;
    readonly onBlur: () => void;
  };
  /** Takes rows out at once: the person's own act, not a surprise. */
  readonly remove: (ids: readonly string[]) => void;
}

/** Keeps rows still under the pointer and the focus while the list changes beneath. */
export function usePlacedRows(fresh: readonly WireRequest[], listKey: string): PlacedRows {
  const [pointed, setPointed] = useState<string>();
  const [focused, setFocused] = useState<string>();
  const memory = useRef<Memory>({ key: listKey, shown: [], known: new Map(), arrived: new Set() });
  const removed = useRef(new Set<string>());

  const visible = fresh.filter(({ id }) => !removed.current.has(id));
  const before = memory.current.key === listKey ? memory.current : undefined;
  const known = new Map([
    ...(before?.known ?? []),
    ...visible.map((row) => [row.id, row] as const),
  ]);
  const kept = (before?.shown ?? []).filter((id) => !removed.current.has(id));
  const shown = placeRows(
    kept,
    visible.map(({ id }) => id),
    [pointed, focused],
  );
  const arrived = new Set(
    before && before.shown.length > 0
      ? [...before.arrived, ...shown.filter((id) => !before.known.has(id))]
      : [],
  );
  memory.current = { key: listKey, shown, known, arrived };

  return {
    rows: shown.flatMap((id) => known.get(id) ?? []),
    arrived,
    isHeld: pointed !== undefined || focused !== undefined,
    anchorProps: {
      onPointerOver: (event) =>
        event.pointerType === "mouse" && setPointed(anchorIdOf(event.target)),
      onPointerLeave: () => setPointed(undefined),
      onFocus: (event) => setFocused(anchorIdOf(event.target)),
      onBlur: () => setFocused(undefined),
    },
    remove: (ids) => {
      for (const id of ids) removed.current.add(id);
    },
  };
}

interface Memory {
  readonly key: string;
  readonly shown: readonly string[];
  readonly known: ReadonlyMap<string, WireRequest>;
  readonly arrived: ReadonlySet<string>;
}

/** The request whose row an event happened in. */
export function rowIdOf(target: EventTarget | null): string | undefined {
  if (!(target instanceof Element)) return undefined;
  return target.closest("[data-request]")?.getAttribute("data-request") ?? undefined;
}

/** The request that keeps its place for an event: of its row, or the first of its group. */
function anchorIdOf(target: EventTarget | null): string | undefined {
  const group = target instanceof Element ? target.closest("[data-anchor]") : null;
  return rowIdOf(target) ?? group?.getAttribute("data-anchor") ?? undefined;
}
