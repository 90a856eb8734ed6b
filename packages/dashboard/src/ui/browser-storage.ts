/** What this browser keeps under a name; `undefined` where there is nothing, or storage is off. */
export function readKept(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a choice in this browser. Where storage is off, it holds until the page closes. */
export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Whoever chose has it in memory.
  }
}
