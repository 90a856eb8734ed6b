/** True when the suites are to run at their whole length: `npm run test:full`. */
const isFull = process.env.TEST_FULL === "1";

/** The length of a suite: `short` on every change, `long` when asked for. */
export function full(short: number, long: number): number {
  return isFull ? long : short;
}
