import type { Context } from "../context.js";
import { ProblemError } from "../domain/problem.js";
import { webhookUrlProblem } from "./address.js";

/**
 * The URL as it will be called.
 *
 * @throws {ProblemError} `WEBHOOK_URL_REFUSED`.
 */
export function acceptWebhookUrl(
  { webhookPolicy }: Pick<Context, "webhookPolicy">,
  text: string,
): string {
  const problem = webhookUrlProblem(text, webhookPolicy);
  if (problem !== undefined) {
    throw new ProblemError({
      code: "WEBHOOK_URL_REFUSED",
      detail: problem,
      issues: [{ path: "/url", message: problem }],
    });
  }
  const url = new URL(text);
  url.hash = "";
  return url.href;
}

/** @throws {ProblemError} `RESOURCE_CONFLICT` when something is to be sent to a disabled endpoint. */
export function assertEnabled<Thing>(thing: Thing | "disabled"): Thing {
  if (thing !== "disabled") return thing;
  throw new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail: "Expected an endpoint that is enabled, for nothing is sent to others. Enable it first.",
  });
}
