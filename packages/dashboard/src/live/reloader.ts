/** Events of one burst, such as a batch, cost one reload. */
const GATHER_MS = 120;

export interface Reloader {
  /** What is shown is no longer what is there. */
  tell(): void;
  stop(): void;
}

/**
 * Reloads soon after it is told to, and never twice at once: a reload that the next one cuts short would
 * not end on a slow line for as long as events keep coming.
 */
export function createReloader(reload: () => Promise<unknown>): Reloader {
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let isReloading = false;
  let isBehind = false;
  let isStopped = false;

  async function run() {
    gathering = undefined;
    isReloading = true;
    isBehind = false;
    await reload().catch(() => {});
    isReloading = false;
    if (isBehind) tell();
  }

  function tell() {
    if (isReloading) isBehind = true;
    else if (!isStopped) gathering ??= setTimeout(run, GATHER_MS);
  }

  return {
    tell,
    stop() {
      isStopped = true;
      clearTimeout(gathering);
    },
  };
}
