import type { JsonObject } from "@holdpoint/protocol";
import { type Holdpoint, isAbortReason, WaitTimeoutError } from "../../core.js";
import type { ConfirmOptions, PurchaseOptions } from "../../spend/options.js";
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
}

/** One call of such a tool. */
export interface SpendToolCall {
  readonly signal?: AbortSignal | undefined;
  /**
   * Names the call, for example by its run and its id in the model's API: the same purchase, requested
   * again under it, is reserved once. Never take it from the model.
   */
  readonly idempotencyKey?: string | undefined;
}

export interface SpendToolsOptions {
  /**
   * What models know the tools by. Default `request_purchase`, `check_purchase`, `confirm_purchase`,
   * `check_budget`.
   */
  readonly names?: Partial<SpendToolNames>;
  /**
   * Milliseconds that checking a purchase waits for a person. Integer, 0 … 2_592_000_000. Default
   * 20_000. Requesting one answers at once.
   */
  readonly waitMs?: number;
  /** Groups the purchases of one run of the agent. Up to 200 characters. */
  readonly runId?: string;
  /** Default: the client's. */
  readonly environment?: string;
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
  return [
    define(names, "request", DESCRIPTIONS.request(names), async (input, call) => {
      const purchase = await hp.spend.purchase(purchaseOf(input, call, options), signalOf(call));
      return describePurchase(purchase, names);
    }),
    define(names, "check", DESCRIPTIONS.check(names), async ({ request_id }, call) => {
      const purchase = await lookFor(hp, String(request_id), waitMs, call);
      return describePurchase(purchase, names);
    }),
    define(names, "confirm", DESCRIPTIONS.confirm(names), async (input, call) => {
      const { request_id, outcome } = outcomeOf(input);
      return describeConfirmation(await hp.spend.confirm(request_id, outcome, signalOf(call)));
    }),
    define(names, "budget", DESCRIPTIONS.budget, async (_input, call) => {
      const { spend } = hp;
      const ask = signalOf(call);
      return describeBudget(
        ...(await Promise.all([spend.budget(ask), spend.policy(ask), spend.categories(ask)])),
      );
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

type Run = (input: Readonly<Record<string, unknown>>, call: SpendToolCall) => Promise<string>;

function define(
  names: SpendToolNames,
  kind: keyof SpendToolNames,
  description: string,
  work: Run,
): SpendTool {
  const inputSchema = SPEND_INPUTS[kind];
  return {
    name: names[kind],
    description,
    inputSchema,
    async run(args, call = {}) {
      try {
        return await work(await readInput(inputSchema, args), call);
      } catch (error) {
        if (isAbortReason(error, [call.signal])) throw error;
        return describeSpendFailure(kind, error, names);
      }
    },
  };
}

/** The schema has been checked: what is there has its type. */
function purchaseOf(
  input: Readonly<Record<string, unknown>>,
  { idempotencyKey }: SpendToolCall,
  { runId, environment }: SpendToolsOptions,
): PurchaseOptions {
  const { merchant_name: merchantName, ...same } = input;
  const given = { ...same, merchantName, idempotencyKey, runId, environment };
  return present(given) as unknown as PurchaseOptions;
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

function present(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
