/** Everything a command may touch of the process it runs in. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the process is asked to stop. */
  readonly stopped: AbortSignal;
  /** Standard output. Over stdio that is the protocol: only help and version go there. */
  print(text: string): void;
  /** Standard error: where it listens, and what went wrong. */
  note(text: string): void;
}

/** The terminal of a process. Reads nothing from `process` but its streams and environment. */
export function createTerminal(
  { stdout, stderr, env }: NodeJS.Process,
  stopped: AbortSignal,
): Terminal {
  return {
    env,
    stopped,
    print: (text) => stdout.write(`${text}\n`),
    note: (text) => stderr.write(`${text}\n`),
  };
}

/** Resolves when the process is asked to stop. */
export async function waitForStop({ stopped }: Terminal): Promise<void> {
  if (stopped.aborted) return;
  await new Promise<void>((resolve) => {
    stopped.addEventListener("abort", () => resolve(), { once: true });
  });
}
