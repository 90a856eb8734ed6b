import { LIMITS } from "../limits.js";
import { formatAmount } from "./amount.js";
import { compilePolicy } from "./compile.js";
import {
  type EvaluatePurchaseInput,
  type PurchaseJudgement,
  type ScopeState,
  SPEND_RULES,
  type SpendCheck,
  type SpendRule,
  type SpendUsage,
} from "./policy.js";
import { isAboveThreshold, judgeAutoApprove, judgeThreshold } from "./rules/approval.js";
import { judgeBudget } from "./rules/budget.js";
import { judgeCategory } from "./rules/category.js";
import { judgeCurrency } from "./rules/currency.js";
import {
  judgeDaily,
  judgeMonthly,
  judgePerRequest,
  judgeTotal,
  judgeWeekly,
} from "./rules/limit.js";
import { judgePayee } from "./rules/payee.js";
import {
  ask,
  type JudgedPurchase,
  notSet,
  type PolicyRule,
  type RuleInput,
  type Verdict,
} from "./rules/rule.js";
import { judgeSchedule } from "./rules/schedule.js";
import { judgeStatus } from "./rules/status.js";
import { judgeVelocity } from "./rules/velocity.js";
import { judgeX402, judgeX402Amount } from "./rules/x402.js";

type RuleOfPolicy = Exclude<SpendRule, "status" | "budget">;

const RULES_OF_POLICY: Readonly<Record<RuleOfPolicy, PolicyRule>> = {
  currency: judgeCurrency,
  velocity_limit: judgeVelocity,
  category: judgeCategory,
  payee: judgePayee,
  per_request_limit: judgePerRequest,
  schedule: judgeSchedule,
  daily_limit: judgeDaily,
  weekly_limit: judgeWeekly,
  monthly_limit: judgeMonthly,
  total_limit: judgeTotal,
  x402: judgeX402,
  auto_approve: judgeAutoApprove,
  approval_threshold: judgeThreshold,
};

/** A scope, and what the rules of its policy judge where it has one. */
interface JudgedScope {
  readonly state: ScopeState;
  readonly input: RuleInput | undefined;
}

interface Case extends JudgedPurchase {
  readonly scopes: readonly JudgedScope[];
  readonly hasPolicy: boolean;
}

/**
 * Judges a purchase by what binds it. Pure: the same input always gives the same judgement.
 *
 * Every policy there is binds: a purchase needs nobody only where each of them allows that, and where
 * there is none, a person decides. An organisation has no policy; of it `status` and `budget` are
 * reported. What a policy object says is read once, so it must not be changed afterwards.
 *
 * @throws {AmountError | RangeError} for a policy that {@link validateSpendPolicy} refuses, an
 *   unknown currency, or an amount that is not above 0: nothing may be reserved.
 * @throws {TypeError} for a policy without its usage.
 */
export function evaluatePurchase(input: EvaluatePurchaseInput): PurchaseJudgement {
  const judged = readCase(input);
  const checks: SpendCheck[] = [];
  for (const rule of SPEND_RULES) {
    for (const scope of judged.scopes) {
      if (!isReported(rule, scope)) continue;
      const { result, detail } = judge(rule, scope, judged);
      checks.push({ rule, scope: scope.state.scope, result, detail });
    }
  }
  return { outcome: outcomeOf(checks, judged), checks, ...whoDecides(judged) };
}

function readCase({ purchase, instantMs, scopes }: EvaluatePurchaseInput): Case {
  if (purchase.amountMinor <= 0n) throw new RangeError("Expected an amount above 0.");
  const amountText = formatAmount(purchase.amountMinor, purchase.currency);
  const judged = scopes.map((state) => {
    if (state.policy === undefined) return { state, input: undefined };
    const policy = compilePolicy(state.policy);
    const usage = requireUsage(state);
    return { state, input: { purchase, amountText, policy, usage, instantMs } };
  });
  const hasPolicy = judged.some(({ input }) => input !== undefined);
  return { purchase, amountText, scopes: judged, hasPolicy };
}

function requireUsage({ usage, scope }: ScopeState): SpendUsage {
  if (usage !== undefined) return usage;
  throw new TypeError(`Expected the usage of the ${scope} beside its policy.`);
}

function isReported(rule: SpendRule, { state, input }: JudgedScope): boolean {
  if (rule === "status" || rule === "budget") return true;
  return state.scope !== "organisation" || input !== undefined;
}

function judge(rule: SpendRule, { state, input }: JudgedScope, judged: Case): Verdict {
  if (rule === "status") return judgeStatus(state);
  if (rule === "budget") return judgeBudget(judged, state);
  if (input !== undefined) return RULES_OF_POLICY[rule](input);
  if (rule === "x402") return judgeX402Amount(judged);
  if (rule === "auto_approve" && !judged.hasPolicy) {
    return ask("No spend policy is set: a person decides.");
  }
  return notSet("spend policy");
}

/** Without any policy nothing is let through by itself, not even where nothing was checked. */
function outcomeOf(
  checks: readonly SpendCheck[],
  { hasPolicy }: Case,
): PurchaseJudgement["outcome"] {
  if (checks.some(({ result }) => result === "fail")) return "rejected";
  const letThrough = hasPolicy && checks.every(({ result }) => result === "pass");
  return letThrough ? "auto_approved" : "pending";
}

function whoDecides({ scopes }: Case): Pick<PurchaseJudgement, "role" | "quorum" | "expiryMs"> {
  const inputs = scopes.flatMap(({ input }) => input ?? []);
  const thresholds = inputs
    .filter(isAboveThreshold)
    .flatMap(({ policy }) => policy.source.approval_threshold ?? []);
  const role = thresholds.findLast((threshold) => threshold.role !== undefined)?.role;
  const minutes = inputs.flatMap(({ policy }) => policy.source.expiry_minutes ?? []);
  const expiryMinutes =
    minutes.length === 0 ? LIMITS.defaultPurchaseExpiryMinutes : Math.min(...minutes);
  return {
    ...(role !== undefined && { role }),
    quorum: Math.max(1, ...thresholds.map(({ quorum }) => quorum ?? 1)),
    expiryMs: expiryMinutes * 60_000,
  };
}
