import type { ScopeState } from "../policy.js";
import { fail, pass, type Verdict } from "./rule.js";

export function judgeStatus({ stopped }: ScopeState): Verdict {
  return stopped ? fail("Spending is stopped.") : pass("Spending goes on.");
}
