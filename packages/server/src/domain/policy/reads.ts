/** What statements read of a payload. */
export interface PayloadReads {
  /** By the JSON Pointers that are written in them. */
  readonly pointers: ReadonlySet<string>;
  /** Also what is named only when a question is there: every leaf might be meant. */
  readonly any: boolean;
}

/** @param conditions - Of a statement in Cedar's JSON. */
export function readsOf(conditions: unknown): PayloadReads {
  const pointers = new Set<string>();
  let any = false;
  const left: unknown[] = [conditions];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (typeof node !== "object" || node === null) continue;
    for (const [name, value] of Object.entries(node)) {
      left.push(value);
      if (name !== "getTag" && name !== "hasTag") continue;
      const tag = value?.right?.Value;
      if (typeof tag === "string") pointers.add(tag);
      else any = true;
    }
  }
  return { pointers, any };
}

export function joinReads(reads: readonly PayloadReads[]): PayloadReads {
  return {
    pointers: new Set(reads.flatMap(({ pointers }) => [...pointers])),
    any: reads.some(({ any }) => any),
  };
}

/** How many objects and lists of JSON are inside each other. */
export function depthOf(json: unknown): number {
  let deepest = 0;
  const left: [node: unknown, depth: number][] = [[json, 1]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [node, depth] = next;
    if (typeof node !== "object" || node === null) continue;
    deepest = Math.max(deepest, depth);
    for (const child of Object.values(node)) left.push([child, depth + 1]);
  }
  return deepest;
}
