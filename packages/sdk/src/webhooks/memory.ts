import type { ReplayMemory } from "./options.js";

/** Names a process remembers at most: each is worth about 100 bytes. */
const MAX_NAMES = 10_000;

/** Remembers in this process. When it is full, the oldest is forgotten first. */
export function createReplayMemory(now: () => number = Date.now): ReplayMemory {
  const expiries = new Map<string, number>();
  const has = (name: string) => (expiries.get(name) ?? 0) > now();
  return {
    add(name, expiresAt) {
      if (has(name)) return false;
      expiries.delete(name);
      expiries.set(name, expiresAt.getTime());
      const [oldest] = expiries.keys();
      if (expiries.size > MAX_NAMES && oldest !== undefined) expiries.delete(oldest);
      return true;
    },
    has,
    delete: (name) => expiries.delete(name),
  };
}
