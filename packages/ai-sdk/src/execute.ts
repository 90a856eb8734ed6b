import type { ExecuteContext, GateOutcome } from "@holdpoint/sdk/adapter";
import type { Announcer } from "./announcer.js";
import { gatedToolError, pendingError, refusedError } from "./errors.js";
import { composeCall, type GatedTool } from "./gating.js";
import { isAsyncGenerator, readLast, streamResults } from "./stream.js";
import type { ToolCallOptions, ToolExecute } from "./tools.js";

/** What a tool is run under, by the options it was given. */
const contexts = new WeakMap<object, ExecuteContext>();

/**
 * The approval that a gated tool runs under, for its `execute`: with the `idempotencyKey` to hand on
 * to what it calls, the same for every run under one approval.
 *
 * @param options - The second argument of `execute`, itself.
 * @returns `undefined` when nobody was asked.
 */
export function approvalOf(options: object): ExecuteContext | undefined {
  return contexts.get(options);
}

type Publish = (output: unknown) => void;

/** A tool's `execute` behind its gate. Streams where the tool does, or has something to announce. */
export function gateExecute(
  gated: GatedTool,
  execute: ToolExecute,
  announcer: Announcer | undefined,
): ToolExecute {
  const run = (input: unknown, options: ToolCallOptions, publish?: Publish) =>
    runGated({ gated, execute, announcer }, input, options, publish);
  if (!announcer && !isAsyncGenerator(execute)) return (input, options) => run(input, options);
  return (input, options) => streamResults((publish) => run(input, options, publish));
}

interface GatedExecute {
  readonly gated: GatedTool;
  readonly execute: ToolExecute;
  readonly announcer: Announcer | undefined;
}

async function runGated(
  { gated, execute, announcer }: GatedExecute,
  input: unknown,
  options: ToolCallOptions,
  publish: Publish | undefined,
): Promise<unknown> {
  const { gate, notes } = gated;
  let subject = gated.name;
  let thrown: { readonly error: unknown } | undefined;
  const run = async (args: unknown, context: ExecuteContext) => {
    try {
      return await readLast(execute(args, lend(options, context)), publish);
    } catch (error) {
      thrown = { error };
      throw error;
    }
  };
  const outcome = await attempt().catch((error: unknown) => {
    const isItsOwn = thrown?.error === error || options.abortSignal?.aborted;
    throw isItsOwn ? error : gatedToolError(subject, error);
  });
  return settle(outcome);

  async function attempt() {
    const call = await composeCall(gated, input, options);
    subject = gate.nameOf(call);
    if (publish) announcer?.expect(call, publish);
    const outcome = await gate.run(call, run);
    if (outcome.type === "ran") notes.keep(call, outcome.note);
    return outcome;
  }
}

/** The framework's options, with what the gate adds. */
function lend(options: ToolCallOptions, context: ExecuteContext): ToolCallOptions {
  const lent = { ...options, abortSignal: context.signal };
  if (context.decision) contexts.set(lent, context);
  return lent;
}

/** A no is thrown, for a tool that did not run has no result of its type to return. */
function settle(outcome: GateOutcome<unknown>): unknown {
  switch (outcome.type) {
    case "ran":
      return outcome.result;
    case "refused":
      throw refusedError(outcome);
    case "pending":
      throw pendingError(outcome);
  }
}
