/** Below this, the `Date` header's own resolution and the network hide any difference. */
const TOLERATED_SKEW_MS = 2_000;

let skewMs = 0;

/** Learns the server's time from an answer's `Date` header, so that countdowns follow its clock. */
export function observeServerDate(header: string | null, localNowMs: number): void {
  const serverMs = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(serverMs)) return;
  const difference = serverMs - localNowMs;
  skewMs = Math.abs(difference) > TOLERATED_SKEW_MS ? difference : 0;
}

/** Now, by the control plane's clock, in milliseconds since the epoch. */
export function serverNow(): number {
  return Date.now() + skewMs;
}
