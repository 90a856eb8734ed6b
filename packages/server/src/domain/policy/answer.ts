import type { WireActor, WirePolicyJudgement } from "@holdpoint/protocol";
import type { PolicyAnswer } from "./question.js";

/** What a request keeps of its judgement; nothing where there is no policy. */
export function judgementOf(answer: PolicyAnswer): WirePolicyJudgement | undefined {
  const { revision, verdict, statements: policies, failed } = answer;
  if (revision === 0) return undefined;
  const reason = failed === true ? NOT_EVALUATED : answer.reason;
  return { revision, verdict, policies, ...(reason !== undefined && { reason }) };
}

/** What is said of what no policy could judge. */
export const NOT_EVALUATED = "The policy could not be evaluated.";

/** Who has decided, where no person had to. */
export function deciderOf({ statements }: PolicyAnswer): WireActor {
  const [name] = statements;
  return { type: "policy", id: "policy", ...(name !== undefined && { name }) };
}

/** What an agent is told that may not do what it asked for. */
export function denialOf({ reason, statements }: PolicyAnswer): string {
  return reason ?? `The policy ${statements[0] ?? ""} forbids it.`;
}
