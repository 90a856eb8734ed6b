import type { SpendPolicy } from "@holdpoint/protocol/spend";

/** Where a member of a policy stands: `["auto_approve", "max_amount"]`. */
export type MemberPath = readonly (string | number)[];

type Container = Readonly<Record<string, unknown>> | readonly unknown[];

/** The member at a path; `undefined` where there is none. */
export function memberAt(policy: SpendPolicy, path: MemberPath): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      isContainer(value) && Object.hasOwn(value, key) ? value[key as never] : undefined,
    policy,
  );
}

/**
 * A copy with one member set. Without a value the member goes, and so does a group that is left
 * with nothing in it: an absent rule does not bind, an empty one is an error.
 */
export function withMember(policy: SpendPolicy, path: MemberPath, value: unknown): SpendPolicy {
  return (setIn(policy, path, value) ?? {}) as SpendPolicy;
}

function setIn(container: unknown, [key, ...rest]: MemberPath, value: unknown): unknown {
  if (key === undefined) return value;
  const before = isContainer(container) ? container : {};
  const inner = Object.hasOwn(before, key) ? before[key as never] : undefined;
  const next = setIn(inner, rest, value);
  if (Array.isArray(before)) {
    return next === undefined
      ? before.filter((_, index) => index !== key)
      : before.map((item, index) => (index === key ? next : item));
  }
  const members = Object.entries(before).filter(([name]) => name !== String(key));
  const kept = next === undefined ? members : [...members, [key, next] as const];
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}
