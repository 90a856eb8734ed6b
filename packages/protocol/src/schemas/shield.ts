import { z } from "zod";
import { LIMITS } from "../limits.js";
import { SHIELD_ANSWERS } from "../shield/wire.js";
import { SENSITIVE_KINDS, SHIELD_MODES } from "../wire.js";
import { idSchema, lineSchema, timeSchema } from "./parts.js";
import { actorSchema, shieldVerdictSchema } from "./request.js";
import { currencySchema } from "./spend-policy.js";

const modeSchema = z.enum(SHIELD_MODES);
const answerSchema = z.enum(SHIELD_ANSWERS);
const agentSchema = z.object({ id: idSchema("agent"), name: z.string() });
const environmentSchema = lineSchema(LIMITS.environmentLength).optional();

const rulesSchema = z.strictObject({
  velocity: z.strictObject({ max_per_minute: z.int().min(1).max(10_000) }).optional(),
  loop: z.strictObject({ max_repeats: z.int().min(1).max(1_000) }).optional(),
  sensitive: z.strictObject({ kinds: z.array(z.enum(SENSITIVE_KINDS)).min(1) }).optional(),
  run_cost: z
    .strictObject({
      max_minor: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
      currency: currencySchema,
    })
    .optional(),
});

const holdOneInSchema = z.int().min(LIMITS.minShieldHoldOneIn).max(LIMITS.maxShieldHoldOneIn);
const pauseAfterSchema = z.int().min(LIMITS.minShieldPauseAfter).max(LIMITS.maxShieldPauseAfter);

export const setShieldModeSchema = z.strictObject({
  mode: modeSchema,
  environment: environmentSchema,
});

export const setShieldSettingsSchema = z.strictObject({
  base_revision: z.int().min(0),
  environment: environmentSchema,
  hold_one_in: holdOneInSchema.optional(),
  pause_after: pauseAfterSchema.optional(),
  rules: rulesSchema.optional(),
});

export const reviewShieldStepSchema = z.strictObject({
  step_id: z.union([idSchema("observation"), idSchema("request")]),
  answer: answerSchema,
  environment: environmentSchema,
});

/** Query of `GET /v1/shield/:service`. */
export const shieldQuerySchema = z.strictObject({ environment: environmentSchema });

const pageQuery = {
  environment: environmentSchema,
  limit: z.coerce.number().int().min(1).max(LIMITS.maxPageSize).optional(),
  cursor: z.string().max(500).optional(),
};

/** Query of `GET /v1/shield/:service/runs`. */
export const listShieldRunsSchema = z.strictObject({
  ...pageQuery,
  agent_id: idSchema("agent").optional(),
  anomalous: z.stringbool().optional(),
});

/** Query of `GET /v1/shield/:service/steps`. */
export const listShieldStepsSchema = z
  .strictObject({
    ...pageQuery,
    run_key: z.string().max(300).optional(),
    action: z.string().optional(),
    /** The action of the step before it. */
    after: z.string().optional(),
    /** Those with no step before them, which `after` finds none of. */
    is_first: z.literal("true").optional(),
    anomalous: z.stringbool().optional(),
    reviewed: z.stringbool().optional(),
  })
  .refine(({ after, is_first }) => after === undefined || is_first === undefined, {
    path: ["is_first"],
    error: "Expected it without `after`: what is first comes after nothing.",
  });

export const shieldProfileSchema = z.object({
  id: idSchema("shieldProfile"),
  service: z.string(),
  environment: z.string().optional(),
  mode: modeSchema,
  settings: z.object({
    revision: z.int(),
    hold_one_in: z.int(),
    pause_after: z.int(),
    rules: rulesSchema,
  }),
  baseline: z.object({
    steps: z.int(),
    runs: z.int(),
    actions: z.int(),
    transitions: z.int(),
    calibrated_runs: z.int(),
    runs_needed: z.int(),
    is_flat: z.boolean(),
  }),
  warnings: z.array(z.string()),
  last_24_hours: z.object({ steps: z.int(), anomalies: z.int(), held: z.int() }),
  last_step_at: timeSchema.optional(),
  created_at: timeSchema,
  changed_at: timeSchema.optional(),
  changed_by: actorSchema.optional(),
});

export const shieldDetailsSchema = shieldProfileSchema.extend({
  graph: z.object({
    nodes: z.array(z.object({ action: z.string(), count: z.int(), shapes: z.int() })),
    edges: z.array(
      z.object({
        from: z.string().nullable(),
        to: z.string().nullable(),
        count: z.int(),
        probability: z.number(),
        approvals: z.int(),
      }),
    ),
    is_cut: z.boolean(),
  }),
  entropy: z.array(z.object({ runs: z.int(), bits: z.number() })),
  locked_at_runs: z.int().optional(),
  would_have_held: z.object({
    since: timeSchema,
    steps: z.int(),
    anomalies: z.int(),
    requests: z.int(),
  }),
});

export const shieldStepSchema = z.object({
  id: z.union([idSchema("observation"), idSchema("request")]),
  sequence: z.int(),
  run_key: z.string(),
  run_id: z.string().optional(),
  agent: agentSchema,
  action: z.string(),
  skeleton_hash: z.string().optional(),
  at: timeSchema,
  ends_run: z.literal(true).optional(),
  verdict: shieldVerdictSchema,
  review: z.object({ answer: answerSchema, at: timeSchema, by: actorSchema }).optional(),
});

export const shieldRunSchema = z.object({
  run_key: z.string(),
  run_id: z.string().optional(),
  agent: agentSchema,
  started_at: timeSchema,
  last_step_at: timeSchema,
  steps: z.int(),
  anomalies: z.int(),
  max_surprise_bits: z.number(),
  is_paused: z.boolean(),
});

export const policySuggestionSchema = z.object({
  service: z.string(),
  action: z.string(),
  environment: z.string().optional(),
  agent: agentSchema,
  approved: z.int(),
  first_at: timeSchema,
  last_at: timeSchema,
  statement: z.string(),
  text: z.string(),
  base_revision: z.int(),
  replay: z.object({ tried: z.int(), allowed: z.int(), against_people: z.int() }),
});
