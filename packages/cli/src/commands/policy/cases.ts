import { type JsonValue, PRIORITIES, SHIELD_MODES } from "@holdpoint/protocol";
import { AmountError, parseAmount } from "@holdpoint/protocol/spend/core";
import { z } from "zod";

/** What is known of the judgement beside the four verdicts: a statement could not be evaluated. */
const VERDICTS = ["allow", "hold", "deny", "none", "failed"] as const;
export type CaseVerdict = (typeof VERDICTS)[number];

/** A Monday at noon (UTC), so that a case says the same on every day. */
const DEFAULT_TIME = "2026-01-05T12:00:00Z";
/** Under which actions and purchases stand in the inbox. */
const OWN_SERVICES = { execute: "gate", purchase: "spend" } as const;

const spendSchema = z.strictObject({
  amount: z.string(),
  currency: z.string(),
  category: z.string().optional(),
  payee: z.string().optional(),
});

const shieldSchema = z.strictObject({
  mode: z.enum(SHIELD_MODES),
  anomalous: z.boolean(),
  one_in: z.number().min(1).optional(),
});

const questionSchema = z
  .strictObject({
    entry: z.enum(["ask", "purchase", "execute"]).default("ask"),
    service: z.string().optional(),
    action: z.string().min(1),
    agent: z.string().default("agent"),
    agent_id: z.string().default("agt_00000000000000000000000000"),
    priority: z.enum(PRIORITIES).default("medium"),
    environment: z.string().optional(),
    run_id: z.string().optional(),
    scopes: z.array(z.string()).default(["requests:read", "requests:write", "gate"]),
    payload: z.unknown().optional(),
    spend: spendSchema.optional(),
    today: z.strictObject({ calls: z.int().min(0), cost_minor: z.int().min(0) }).optional(),
    shield: shieldSchema.optional(),
    at: z.iso.datetime({ offset: true }).default(DEFAULT_TIME),
  })
  .refine(({ entry, service }) => entry !== "ask" || service !== undefined, {
    path: ["service"],
    error: "Expected the service that is asked for.",
  })
  .transform((question, context) => {
    const { entry, service = OWN_SERVICES[entry as keyof typeof OWN_SERVICES], spend } = question;
    const { agent, agent_id, run_id, today, shield, payload, environment } = question;
    return {
      projectId: "",
      agent: { id: agent_id, name: agent },
      entry,
      service,
      action: question.action,
      priority: question.priority,
      scopes: question.scopes,
      at: Date.parse(question.at),
      ...(environment !== undefined && { environment }),
      ...(run_id !== undefined && { runId: run_id }),
      ...(payload !== undefined && { payload: payload as JsonValue }),
      ...(spend !== undefined && { spend: toSpend(spend, context) }),
      ...(today !== undefined && {
        today: { calls: today.calls, costMinor: today.cost_minor },
      }),
      ...(shield !== undefined && { shield: toShield(shield) }),
    };
  });

function toShield({ mode, anomalous, one_in }: z.output<typeof shieldSchema>) {
  return { mode, anomalous, ...(one_in !== undefined && { oneIn: one_in }) };
}

function toSpend(
  { amount, currency, category, payee }: z.output<typeof spendSchema>,
  context: z.RefinementCtx,
) {
  return {
    amountMinor: readAmount(amount, currency, context),
    currency,
    ...(category !== undefined && { category }),
    ...(payee !== undefined && { payee }),
  };
}

function readAmount(amount: string, currency: string, context: z.RefinementCtx): number {
  try {
    return Number(parseAmount(amount, currency));
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    context.addIssue({ code: "custom", path: ["spend"], message: error.message });
    return 0;
  }
}

/** A file of `policy test`: questions, and what the policy has to say of each. */
export const casesSchema = z.strictObject({
  /** Beside the file of cases. */
  policy: z.string().min(1),
  cases: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        question: questionSchema,
        expect: z.strictObject({
          verdict: z.enum(VERDICTS),
          role: z.string().optional(),
          /** The statements that decide, in any order. */
          statements: z.array(z.string()).optional(),
          reason: z.string().optional(),
        }),
      }),
    )
    .min(1),
});

export type PolicyCases = z.output<typeof casesSchema>;
export type PolicyCase = PolicyCases["cases"][number];
