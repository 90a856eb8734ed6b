const BARS = "▁▂▃▄▅▆▇█";

/** A curve in one line: each value as a bar, from nothing to the highest of them. */
export function sparkline(values: readonly number[]): string {
  const highest = Math.max(...values);
  return values
    .map((value) => {
      const share = highest > 0 ? Math.max(0, value) / highest : 0;
      return BARS[Math.min(BARS.length - 1, Math.floor(share * BARS.length))];
    })
    .join("");
}
