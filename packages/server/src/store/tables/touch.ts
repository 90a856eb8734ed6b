const MINUTE_MS = 60_000;

/**
 * Keeps "last used" fresh to the minute without a write per use: it remembers when each credential
 * was last written by this process, and the query's own condition covers the other processes.
 */
export function createTouch(
  update: (id: string, at: number, before: number) => Promise<void>,
): (id: string, at: number) => Promise<void> {
  const writtenAt = new Map<string, number>();
  return async (id, at) => {
    const last = writtenAt.get(id);
    if (last !== undefined && at - last < MINUTE_MS) return;
    writtenAt.set(id, at);
    await update(id, at, at - MINUTE_MS);
  };
}
