/** Every way the command line ends. `--help` and the tests read this list; scripts may rely on it. */
export const EXIT_CODES = {
  ok: { code: 0, meaning: "done" },
  failed: {
    code: 1,
    meaning: "failed, or a check did not pass: doctor, actions check, policy test",
  },
  usage: { code: 2, meaning: "wrong usage, or input the control plane refused as invalid" },
  refused: { code: 3, meaning: "not signed in, or not allowed" },
  notFound: { code: 4, meaning: "no such request, key, operator, agent, action or file" },
  conflict: { code: 5, meaning: "decided already, changed meanwhile, or exists already" },
  unreachable: { code: 6, meaning: "the control plane cannot be reached or cannot answer now" },
  unverified: {
    code: 7,
    meaning: "the evidence does not verify: a receipt, ledger, escrow or log is wrong",
  },
  interrupted: { code: 130, meaning: "stopped by Ctrl-C before it was done" },
} as const satisfies Record<string, { code: number; meaning: string }>;

export type ExitReason = keyof typeof EXIT_CODES;

/** The list as `--help` prints it. */
export function describeExitCodes(): string {
  const lines = Object.values(EXIT_CODES).map(
    ({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`,
  );
  return ["Exit codes:", ...lines].join("\n");
}
