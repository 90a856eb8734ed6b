/** Every way the program ends. `--help` and the tests read this list; scripts may rely on it. */
export const EXIT_CODES = {
  ok: { code: 0, meaning: "stopped, or the client went away" },
  failed: { code: 1, meaning: "failed" },
  usage: { code: 2, meaning: "wrong usage, or a setting that is missing or not usable" },
  interrupted: { code: 130, meaning: "stopped by a second Ctrl-C before it was done" },
} as const satisfies Record<string, { code: number; meaning: string }>;

/** The list as `--help` prints it. */
export function describeExitCodes(): string {
  const lines = Object.values(EXIT_CODES).map(
    ({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`,
  );
  return ["Exit codes:", ...lines].join("\n");
}
