import { ProblemError } from "../domain/problem.js";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * A browser sends cookies along with whatever page asks it to. So a call that changes something by
 * cookie must name our own origin, or that of the address it came to.
 *
 * @throws {ProblemError} `ORIGIN_NOT_ALLOWED`.
 */
export function assertSameOrigin(request: Request, publicUrl: string): void {
  if (SAFE_METHODS.has(request.method)) return;
  const origin = request.headers.get("origin");
  if (origin === new URL(publicUrl).origin || origin === new URL(request.url).origin) return;
  throw new ProblemError({
    code: "ORIGIN_NOT_ALLOWED",
    detail: `Expected a call from ${new URL(publicUrl).origin}, got ${origin === null ? "no Origin header" : "another origin"}. Use the dashboard, or an operator token.`,
  });
}

/** Signing in sets a cookie by GET, so another site must not be able to do it for the visitor. */
export function assertNotCrossSite(request: Request): void {
  const site = request.headers.get("sec-fetch-site");
  if (site === null || site === "same-origin") return;
  throw new ProblemError({
    code: "ORIGIN_NOT_ALLOWED",
    detail: "Expected the dashboard's own page to sign in. Open the sign-in link again.",
  });
}
