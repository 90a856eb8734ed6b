import { PRIORITIES, type Priority } from "@holdpoint/protocol";
import { GATE_SERVICE } from "@holdpoint/protocol/gate";
import type { Request } from "../request.js";
import { hasQuorum } from "../request.js";
import { SPEND_SERVICE } from "../spend/purchase.js";

/** Approvals that make a habit. */
const MIN_APPROVED = 20;

/** What people have always approved as it was asked. Times are milliseconds, UTC. */
export interface Habit {
  readonly agent: { readonly id: string; readonly name: string };
  readonly service: string;
  readonly action: string;
  /** `undefined`: none was named. */
  readonly environment: string | undefined;
  /** Those it was asked with. */
  readonly priorities: readonly Priority[];
  readonly approved: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** The latest request of it. */
  readonly latestId: string;
}

type Decided = Pick<
  Request,
  | "id"
  | "agent"
  | "service"
  | "action"
  | "environment"
  | "priority"
  | "status"
  | "decidedBy"
  | "createdAt"
  | "quorum"
  | "shield"
>;

/**
 * Finds what people have approved each of at least 20 times, by agent, service, action and environment.
 * One rejection or edit is enough to leave it to people. What took several people to approve is none,
 * and an anomaly is no part of a habit, though its rejection ends one. Money has policies of its own, and
 * of the gate's actions people see only those that a policy holds.
 *
 * @param decided - Newest first.
 * @returns The most approved first.
 */
export function findHabits(decided: Iterable<Decided>): readonly Habit[] {
  const broken = new Set<string>();
  const groups = new Map<string, Decided[]>();
  for (const request of decided) {
    if (request.decidedBy?.type !== "operator" || isElsewhere(request)) continue;
    const key = keyOf(request);
    if (request.status !== "APPROVED" || hasQuorum(request)) broken.add(key);
    if (broken.has(key) || request.shield?.anomalous === true) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [request]);
    else group.push(request);
  }
  return [...groups]
    .filter(([key, requests]) => !broken.has(key) && requests.length >= MIN_APPROVED)
    .map(([, requests]) => habitOf(requests))
    .sort((a, b) => b.approved - a.approved);
}

/** Whether a request is of the kind that a habit is about. */
export function isPart(habit: KeyParts, request: KeyParts): boolean {
  return keyOf(habit) === keyOf(request);
}

function isElsewhere({ service }: Decided): boolean {
  return service === SPEND_SERVICE || service === GATE_SERVICE;
}

interface KeyParts {
  readonly agent: { readonly id: string };
  readonly service: string;
  readonly action: string;
  readonly environment?: string | undefined;
}

function keyOf({ agent, service, action, environment }: KeyParts): string {
  return JSON.stringify([agent.id, service, action, environment ?? null]);
}

function habitOf(requests: readonly Decided[]): Habit {
  const [latest] = requests;
  if (latest === undefined) throw new RangeError("Expected a request at least.");
  const asked = new Set(requests.map(({ priority }) => priority));
  return {
    agent: latest.agent,
    service: latest.service,
    action: latest.action,
    environment: latest.environment,
    priorities: PRIORITIES.filter((priority) => asked.has(priority)),
    approved: requests.length,
    firstAt: requests.at(-1)?.createdAt ?? latest.createdAt,
    lastAt: latest.createdAt,
    latestId: latest.id,
  };
}
