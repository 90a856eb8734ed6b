const EVERY_ACTION = "gate";
const ONE_ACTION = /^actions:/;

/** Whether these scopes reach this action: all of them, or this one. */
export function reachesAction(scopes: readonly string[], actionId: string): boolean {
  return covers(scopes, `actions:${actionId}`);
}

/** Whether these scopes reach any action at all. */
export function reachesGate(scopes: readonly string[]): boolean {
  return scopes.some((scope) => scope === EVERY_ACTION || ONE_ACTION.test(scope));
}

/**
 * What both allow, in order and each once. `gate` stands for every action: with `actions:refund` on the
 * other side that one is left.
 */
export function commonScopes(some: readonly string[], others: readonly string[]): string[] {
  const common = [
    ...some.filter((scope) => covers(others, scope)),
    ...others.filter((scope) => covers(some, scope)),
  ];
  return [...new Set(common)].sort();
}

/** Whether `scopes` give everything that `wanted` does. */
export function coversAll(scopes: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((scope) => covers(scopes, scope));
}

function covers(scopes: readonly string[], scope: string): boolean {
  if (scopes.includes(scope)) return true;
  return ONE_ACTION.test(scope) && scopes.includes(EVERY_ACTION);
}
