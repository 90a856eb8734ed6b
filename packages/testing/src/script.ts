import type { JsonValue, WireRequest } from "@holdpoint/protocol";

/** What the operator of a test answers. `patch` is the whole payload as edited. */
export type TestDecision =
  | { readonly decision: "approve"; readonly patch?: JsonValue; readonly reason?: string }
  | { readonly decision: "reject"; readonly reason?: string };

/** An answer, in words or in full; `undefined` leaves the request pending. */
export type ScriptedAnswer = "approve" | "reject" | TestDecision | undefined;

/**
 * The decisions of a test, given up front: the same for every request, one after another in the
 * order in which requests are made (then none), or worked out from each request.
 */
export type DecisionScript =
  | "approve"
  | "reject"
  | readonly ScriptedAnswer[]
  | ((request: WireRequest) => ScriptedAnswer | Promise<ScriptedAnswer>);

/** Answers requests by the script. Nothing is approved that the script does not name. */
export function createDecider(
  script: DecisionScript | undefined,
): (request: WireRequest) => Promise<TestDecision | undefined> {
  if (script === undefined) return async () => undefined;
  if (typeof script === "function") return async (request) => completeAnswer(await script(request));
  if (typeof script === "string") return async () => completeAnswer(script);
  const left = [...script];
  return async () => completeAnswer(left.shift());
}

function completeAnswer(answer: ScriptedAnswer): TestDecision | undefined {
  return typeof answer === "string" ? { decision: answer } : answer;
}
