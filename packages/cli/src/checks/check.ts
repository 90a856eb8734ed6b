/** The result of looking at one thing. */
export interface Check {
  readonly name: string;
  /** `skipped`: there is nothing to look at, which is fine. */
  readonly result: "passed" | "failed" | "skipped";
  /** What was found. */
  readonly found: string;
  /** What to do about it; only when it failed. */
  readonly next?: string;
}

export function passed(name: string, found: string): Check {
  return { name, result: "passed", found };
}

export function skipped(name: string, found: string): Check {
  return { name, result: "skipped", found };
}

export function failed(name: string, found: string, next: string): Check {
  return { name, result: "failed", found, next };
}
