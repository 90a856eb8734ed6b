import type { WireRequest } from "@holdpoint/protocol";
import { groupBy } from "../ui/group-by.js";

/** From so many on, requests of one shape are one line of the inbox. */
const SMALLEST_GROUP = 5;
/** A group that is there stays one while its requests are decided, so that nothing jumps. */
const SMALLEST_LEFT = 2;

/** Requests of one shape: the same agent asks for the same action with arguments of the same structure. */
export interface RequestGroup {
  readonly kind: "group";
  readonly key: string;
  /** The one that matters most first. */
  readonly requests: readonly [WireRequest, ...WireRequest[]];
}

/** A line of the inbox. */
export type InboxLine = RequestGroup | { readonly kind: "one"; readonly request: WireRequest };

/** What matters most first: the critical, then what is unusual, then as they came. */
export function inOrderOfRisk(requests: readonly WireRequest[]): readonly WireRequest[] {
  // Sorting is stable: what ties stays in the order of urgency and age.
  return [...requests].sort((one, other) => riskOf(other) - riskOf(one));
}

function riskOf({ priority, shield }: WireRequest): number {
  return (priority === "critical" ? 2 : 0) + (shield?.anomalous === true ? 1 : 0);
}

/** Names the shape of a request that waits; `undefined` where nobody knows it. */
export function shapeOf(request: WireRequest): string | undefined {
  const { status, service, action, agent, skeleton_hash: skeleton } = request;
  if (status !== "PENDING" || skeleton === undefined) return undefined;
  return JSON.stringify([agent.id, service, action, skeleton]);
}

/**
 * Gathers floods. A group stands where its first request stands.
 *
 * @param requests - In the order in which they stand.
 * @param formed - Keys of groups that are there already.
 * @param mayForm - Whether others may come to be: not while somebody points at a row.
 */
export function gatherGroups(
  requests: readonly WireRequest[],
  formed: ReadonlySet<string>,
  mayForm: boolean,
): readonly InboxLine[] {
  const byShape = groupBy(requests, shapeOf);
  const smallest = (shape: string) => {
    if (formed.has(shape)) return SMALLEST_LEFT;
    return mayForm ? SMALLEST_GROUP : Number.POSITIVE_INFINITY;
  };
  const lines: InboxLine[] = [];
  for (const request of requests) {
    const shape = shapeOf(request);
    const alike = byShape.get(shape);
    if (shape === undefined || alike === undefined || alike.length < smallest(shape)) {
      lines.push({ kind: "one", request });
    } else if (alike[0].id === request.id) {
      lines.push({ kind: "group", key: shape, requests: alike });
    }
  }
  return lines;
}
