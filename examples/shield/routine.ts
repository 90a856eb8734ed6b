// What the agent does all day, in place of a model that would choose.

export interface Step {
  readonly action: string;
  readonly payload: Readonly<Record<string, string | number>>;
  /** It changes something, so it is asked for. The rest is only observed. */
  readonly asks?: true;
}

/** The steps of one run. Most look into the logs and tell somebody; each fifth makes a change. */
export function planRun(run: number): readonly Step[] {
  const ticket = 1_000 + run;
  if (run % 5 === 4) {
    return [
      { action: "plan_terraform", payload: { module: "web" } },
      { action: "apply_terraform", payload: { module: "web", change: ticket }, asks: true },
      { action: "check_health", payload: { service: "web" } },
    ];
  }
  return [
    { action: "read_logs", payload: { service: "web", lines: 200 + run } },
    ...(run % 11 === 3 ? [{ action: "read_metrics", payload: { service: "web" } }] : []),
    { action: "summarise", payload: { words: 80 } },
    ...(run % 4 === 2 ? [{ action: "search_runbook", payload: { query: "web" } }] : []),
    { action: "open_ticket", payload: { title: "Web is slow", ticket } },
  ];
}

/** What somebody has talked it into: it reads the logs, and changes production at once. */
export const JUMP: readonly Step[] = [
  { action: "read_logs", payload: { service: "web", lines: 200 } },
  { action: "apply_terraform", payload: { module: "web", change: 1 }, asks: true },
];
