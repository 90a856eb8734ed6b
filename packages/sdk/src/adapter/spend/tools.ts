import type { JsonObject } from "@holdpoint/protocol";
import {
  digestJson,
  type Holdpoint,
  HoldpointError,
  isAbortReason,
  WaitTimeoutError,
} from "../../core.js";
import { present } from "../../present.js";
import type { BindingPolicy, Budget } from "../../spend/binding.js";
import type { ConfirmOptions, PurchaseOptions } from "../../spend/options.js";
import type { Purchase } from "../../spend/purchase.js";
import { readInput, SPEND_INPUTS } from "./input.js";
import {
  describeBudget,
  describeConfirmation,
  describePurchase,
  describeSpendFailure,
  type SpendToolNames,
} from "./text.js";

/** A tool for models, for whichever framework. */
export interface SpendTool {
  /** What it does, whatever it is called. */
  readonly kind: keyof SpendToolNames;
  readonly name: string;
  readonly description: string;
  /** JSON Schema 2020-12, closed. */
  readonly inputSchema: JsonObject;
  /**
   * Answers with a text that a model can act on alone; wrong arguments and failures are such texts.
   *
   * @throws `signal.reason`, unchanged, when aborted.
   */
  run(args: unknown, call?: SpendToolCall): Promise<string>;
  /** As {@link SpendTool.run}, with what the text is made of. */
  answer(args: unknown, call?: SpendToolCall): Promise<SpendAnswer>;
}

/** The answer for the model, and for the program around it. */
export interface SpendAnswer {
  /** Begins with `APPROVED`, `WAIT`, `STOP`, `CONFIRMED`, `BUDGET` or `ERROR`. */
  readonly text: string;
  /** The purchase it is about. */
  readonly purchase?: Purchase;
  /** What binds the agent, where that was the question. */
  readonly limits?: SpendLimits;
  /** Why there is no other answer. */
  readonly error?: HoldpointError;
}

/** What an agent may spend. */
export interface SpendLimits {
  readonly budgets: readonly Budget[];
  readonly policies: readonly BindingPolicy[];
  readonly categories: readonly string[];
}

/** One call of such a tool. */
export interface SpendToolCall {
  readonly signal?: AbortSignal | undefined;
  /** The conversation or run. Default: {@link SpendToolsOptions.runId}. Never take it from the model. */
  readonly runId?: string | undefined;
  /**
   * The call's id, as the model's API gave it. The same purchase, requested again under it in the same
   * run, is reserved once. Without it every call is a new one.
   */
  readonly toolCallId?: string | undefined;
  /** Names the purchase in place of run and call. Never take it from the model. */
  readonly idempotencyKey?: string | undefined;
}

export interface SpendToolsOptions {
  /**
   * What models know the tools by. Default `request_purchase`, `check_purchase`, `confirm_purchase`,
   * `check_budget`.
   */
  readonly names?: Partial<SpendToolNames> | undefined;
  /**
   * Milliseconds that checking a purchase waits for a person. Integer, 0 … 2_592_000_000. Default
   * 20_000. Requesting one answers at once.
   */
  readonly waitMs?: number | undefined;
  /**
   * Names the conversation or run, and groups its purchases: with it a call that is made again, in any
   * process, reserves once. Default: one drawn for these tools, which no other process knows. Up to 200
   * characters.
   */
  readonly runId?: string | undefined;
  /** Default: the client's. */
  readonly environment?: string | undefined;
}

const NAMES: SpendToolNames = {
  request: "request_purchase",
  check: "check_purchase",
  confirm: "confirm_purchase",
  budget: "check_budget",
};
const WAIT_MS = 20_000;

/** The tools by which a model spends: ask for money, look for the answer, say what was paid. */
export function spendTools(hp: Holdpoint, options: SpendToolsOptions = {}): readonly SpendTool[] {
  const names = { ...NAMES, ...options.names };
  const { waitMs = WAIT_MS } = options;
  const ownRunId = crypto.randomUUID();
  return [
    define(names, "request", DESCRIPTIONS.request(names), async (input, call) => {
      const asked = purchaseOf(input, options, call, await keyOf(call, options.runId ?? ownRunId));
      const purchase = await hp.spend.purchase(asked, signalOf(call));
      return { text: describePurchase(purchase, names), purchase };
    }),
    define(names, "check", DESCRIPTIONS.check(names), async ({ request_id }, call) => {
      const purchase = await lookFor(hp, String(request_id), waitMs, call);
      return { text: describePurchase(purchase, names), purchase };
    }),
    define(names, "confirm", DESCRIPTIONS.confirm(names), async (input, call) => {
      const { request_id, outcome } = outcomeOf(input);
      const purchase = await hp.spend.confirm(request_id, outcome, signalOf(call));
      return { text: describeConfirmation(purchase), purchase };
    }),
    define(names, "budget", DESCRIPTIONS.budget, async (_input, call) => {
      const limits = await readLimits(hp, signalOf(call));
      return {
        text: describeBudget(limits.budgets, limits.policies, limits.categories),
        limits,
      };
    }),
  ];
}

const DESCRIPTIONS = {
  request: ({ check, confirm }: SpendToolNames) =>
    `Asks for money before you spend any, and reserves it. Call it before every payment. Pay only if the answer begins with APPROVED, once, and no more than it says; then call ${confirm}. If it begins with WAIT, a person decides first: call ${check}.`,
  check: ({ request, confirm }: SpendToolNames) =>
    `Looks where a purchase that you requested with ${request} stands, and waits a little for a person who has to decide. Pay only if the answer begins with APPROVED and you have not paid yet; then call ${confirm}.`,
  confirm: ({ request }: SpendToolNames) =>
    `Says how the payment of a purchase ended that was approved by ${request}: what was really paid, or that nothing was. Call it after every payment, and when you decide not to pay.`,
  budget:
    "Tells what you may spend: what is left of the budgets, the rules, and the categories there are.",
} as const;

type Run = (input: Readonly<Record<string, unknown>>, call: SpendToolCall) => Promise<SpendAnswer>;

function define(
  names: SpendToolNames,
  kind: keyof SpendToolNames,
  description: string,
  work: Run,
): SpendTool {
  const inputSchema = SPEND_INPUTS[kind];
  const answer = async (args: unknown, call: SpendToolCall = {}): Promise<SpendAnswer> => {
    try {
      return await work(await readInput(inputSchema, args), call);
    } catch (error) {
      if (isAbortReason(error, [call.signal])) throw error;
      const known = HoldpointError.isInstance(error) ? { error } : {};
      return { text: describeSpendFailure(kind, error, names), ...known };
    }
  };
  const run = async (args: unknown, call?: SpendToolCall) => (await answer(args, call)).text;
  return { kind, name: names[kind], description, inputSchema, run, answer };
}

/** What stands for the purchase of a call; `undefined`: the call has no name. */
async function keyOf(
  { idempotencyKey, runId, toolCallId }: SpendToolCall,
  defaultRunId: string,
): Promise<string | undefined> {
  if (idempotencyKey !== undefined || toolCallId === undefined) return idempotencyKey;
  return digestJson(["holdpoint.spend-call.v1", runId ?? defaultRunId, toolCallId]);
}

/** The schema has been checked: what is there has its type. */
function purchaseOf(
  input: Readonly<Record<string, unknown>>,
  { runId, environment }: SpendToolsOptions,
  call: SpendToolCall,
  idempotencyKey: string | undefined,
): PurchaseOptions {
  const { merchant_name: merchantName, ...same } = input;
  const given = { ...same, merchantName, idempotencyKey, runId: call.runId ?? runId, environment };
  return present(given) as unknown as PurchaseOptions;
}

async function readLimits(
  { spend }: Holdpoint,
  ask: { readonly signal?: AbortSignal },
): Promise<SpendLimits> {
  const [budgets, policies, categories] = await Promise.all([
    spend.budget(ask),
    spend.policy(ask),
    spend.categories(ask),
  ]);
  return { budgets, policies, categories };
}

function outcomeOf(input: Readonly<Record<string, unknown>>) {
  const { request_id, success, actual_amount, receipt_url, external_id } = input;
  const outcome = present({
    success,
    actualAmount: actual_amount,
    receiptUrl: receipt_url,
    externalId: external_id,
  });
  return { request_id: String(request_id), outcome: outcome as unknown as ConfirmOptions };
}

/** Waits a little for a person; who has not decided by then has not decided. */
async function lookFor(hp: Holdpoint, id: string, waitMs: number, call: SpendToolCall) {
  if (waitMs > 0) {
    try {
      return await hp.spend.wait(id, { timeoutMs: waitMs, ...signalOf(call) });
    } catch (error) {
      if (!WaitTimeoutError.isInstance(error)) throw error;
    }
  }
  return hp.spend.get(id, signalOf(call));
}

function signalOf({ signal }: SpendToolCall): { readonly signal?: AbortSignal } {
  return signal ? { signal } : {};
}
