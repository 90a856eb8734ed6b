import type { WirePolicyExplanation, WirePolicyStatement } from "@holdpoint/protocol/policy";
import { callOf } from "./call.js";
import { toWireStatement } from "./check.js";
import { evaluatePolicy, type PolicyEvaluation } from "./evaluate.js";
import { tagsOf } from "./leaves.js";
import { preparePolicy } from "./prepare.js";
import type { PolicyQuestion } from "./question.js";

/** What a policy says of one question, and why. */
export interface PolicyReasons {
  readonly evaluation: PolicyEvaluation;
  /** Those that decided. */
  readonly statements: readonly WirePolicyStatement[];
  readonly question: WirePolicyExplanation["question"];
}

/** @param text - Absent: there is no policy. */
export function explainPolicy(text: string | undefined, question: PolicyQuestion): PolicyReasons {
  const evaluation = evaluatePolicy(text ?? "", question);
  const decided = new Set(evaluation.statements);
  const statements =
    decided.size === 0
      ? []
      : preparePolicy(text ?? "")
          .statements.filter(({ id }) => decided.has(id))
          .map(toWireStatement);
  return { evaluation, statements, question: describe(question) };
}

/** The question in Cedar's words, with every leaf of its payload, whichever of them are read. */
function describe(question: PolicyQuestion): WirePolicyExplanation["question"] {
  const { payload } = question;
  const tags =
    payload === undefined ? undefined : tagsOf(payload, { pointers: new Set(), any: true });
  const { principal, action, resource, context } = callOf(question, tags);
  const { text, numbers, flags } = tags ?? {};
  return {
    principal: nameOf(principal),
    action: nameOf(action),
    resource: nameOf(resource),
    context: { ...context, ...(tags !== undefined && { payload: { text, numbers, flags } }) },
  };
}

function nameOf({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type}::${JSON.stringify(id)}`;
}
