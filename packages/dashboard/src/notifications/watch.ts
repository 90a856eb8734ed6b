import type { WireRequest } from "@holdpoint/protocol";
import { inOrderOfRisk, shapeOf } from "../requests/groups.js";
import { PRIORITY_LEVELS } from "../requests/status.js";
import { groupBy } from "../ui/group-by.js";

/** What a page has seen wait, and the groups it tells of. */
export interface Watch {
  readonly seenIds: ReadonlySet<string>;
  /** The tag of each group's notification, by the group's key. */
  readonly tags: ReadonlyMap<string, string>;
}

/** Requests that share a notification: those of one shape, or one whose shape nobody knows. */
export interface Gathering {
  readonly key: string;
  /** The one that matters most first. */
  readonly requests: readonly [WireRequest, ...WireRequest[]];
}

/** Gathers what waits, the group that matters most first. */
export function gather(waiting: readonly WireRequest[]): readonly Gathering[] {
  const ordered = inOrderOfRisk([...waiting].sort(byUrgency));
  const groups = groupBy(ordered, (request) => shapeOf(request) ?? request.id);
  return [...groups].map(([key, requests]) => ({ key, requests }));
}

function byUrgency(one: WireRequest, other: WireRequest): number {
  const urgency = PRIORITY_LEVELS[other.priority] - PRIORITY_LEVELS[one.priority];
  return urgency || Date.parse(one.created_at) - Date.parse(other.created_at);
}

export function oldestOf([first, ...rest]: Gathering["requests"]): WireRequest {
  const age = ({ created_at: at }: WireRequest) => Date.parse(at);
  return rest.reduce((oldest, request) => (age(request) < age(oldest) ? request : oldest), first);
}

/**
 * Goes on watching with what waits now. A group is told of from the time when one of it comes while
 * nobody looks, until nothing of it waits.
 *
 * @param before - `undefined` when the watch begins: what is there already is not told of.
 */
export function watchArrivals(
  before: Watch | undefined,
  gatherings: readonly Gathering[],
  isAway: boolean,
): Watch {
  const isArrival = ({ id }: WireRequest) => before !== undefined && !before.seenIds.has(id);
  const tags = new Map<string, string>();
  for (const { key, requests } of gatherings) {
    const tag = before?.tags.get(key);
    if (tag !== undefined) tags.set(key, tag);
    // An id, and not the key, which holds a hash of the payload's structure: systems keep tags.
    else if (isAway && requests.some(isArrival)) tags.set(key, oldestOf(requests).id);
  }
  return { seenIds: new Set(gatherings.flatMap(({ requests }) => requests.map(idOf))), tags };
}

const idOf = ({ id }: WireRequest) => id;

/** Tells no more of these groups, until one of them grows. */
export function dismiss(watch: Watch, keys: readonly string[]): Watch {
  const dismissed = new Set(keys);
  return { ...watch, tags: new Map([...watch.tags].filter(([key]) => !dismissed.has(key))) };
}
