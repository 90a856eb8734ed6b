import type { HoldpointRequest } from "@holdpoint/sdk";
import { describeDenial, type GateOutcome } from "@holdpoint/sdk/adapter";
import {
  type CallToolResult,
  ProtocolError,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { waitInPlace } from "../../server/answer/wait.js";
import type { OfferedTool } from "../catalog.js";
import type { Arguments, CallsOptions, HeldCall } from "./options.js";
import { type CallProgress, createProgress } from "./progress.js";
import { type AskedToolCall, readAskedCall } from "./request.js";
import {
  describeChanged,
  describeForeign,
  describeGone,
  describeProtocolError,
  describeRunning,
  describeWaiting,
  refusal,
} from "./text.js";
import { within } from "./within.js";

type Outcome = GateOutcome<CallToolResult>;

/** What will run; an answer in its place when it must not; nothing when the end is known already. */
type Plan =
  | { readonly tool: OfferedTool }
  | { readonly tool?: never; readonly answer?: CallToolResult };

/** How far a call got. */
export interface Finished {
  readonly result: CallToolResult;
  /** False: the result is still to come, and this only says so. */
  readonly isFinal: boolean;
}

/** Added to the wait for a person, so that an approval at its end still brings most results along. */
const RUN_WITHIN_MS = 5_000;

/** Runs what people have approved: from its request alone, once. */
export class ApprovedRuns {
  readonly #options: CallsOptions;
  /** By request. A run goes on when a client's patience ends. */
  readonly #running = new Map<string, Promise<CallToolResult>>();

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /** Waits for a person, then for the run, as long as a client gives a call. */
  async finish(held: HeldCall, context: ServerContext): Promise<Finished> {
    const { holdpoint, waitMs } = this.#options;
    const { signal } = context.mcpReq;
    const endsAtMs = performance.now() + waitMs + RUN_WITHIN_MS;
    const progress = createProgress(context);
    const endWaiting = progress.startWaiting(`Waiting for a person to decide ${held.name}`);
    const { decision } = await waitInPlace(holdpoint, held.id, { waitMs, signal }).finally(
      endWaiting,
    );
    if (decision === undefined) return { result: describeWaiting(held), isFinal: false };
    const running = this.#run(held, progress);
    running.catch(() => {});
    const result = await within(running, { ms: endsAtMs - performance.now(), signal });
    return result ? { result, isFinal: true } : { result: describeRunning(held), isFinal: false };
  }

  async drain(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  /** Starts the run of a decided request, or joins it. */
  #run(held: HeldCall, progress: CallProgress): Promise<CallToolResult> {
    const known = this.#running.get(held.id);
    if (known) return known;
    // Without the client's signal: its time-out looks like a cancellation, and what a person has
    // approved is better done and put on record than cut off half-way.
    const running = this.#runOnce(held, progress).finally(() => this.#running.delete(held.id));
    this.#running.set(held.id, running);
    return running;
  }

  async #runOnce(held: HeldCall, { onProgress }: CallProgress): Promise<CallToolResult> {
    const { holdpoint } = this.#options;
    const request = await holdpoint.requests.get(held.id);
    const asked = readAskedCall(holdpoint, request);
    if (asked === undefined) return describeForeign(held);
    const { tool, answer } = { answer: undefined, ...(await this.#plan(held, asked, request)) };
    if (answer) return answer;
    const outcome = await asked.gate.run<CallToolResult>(asked.call, (args, { signal }) => {
      if (tool === undefined) throw new Error("Expected a tool to run, got none.");
      return callForRecord(tool, { args: args as Arguments, signal, onProgress });
    });
    return describeOutcome(held, outcome);
  }

  async #plan(
    held: HeldCall,
    { server, tool: name, definition }: AskedToolCall,
    request: HoldpointRequest,
  ): Promise<Plan> {
    const { status, execution, service } = request;
    const isApproved = status === "APPROVED" || status === "APPROVED_WITH_MODIFICATIONS";
    if (!isApproved || execution.status !== "NONE") return {};
    const tool = await this.#options.catalog.findAt(server, name);
    if (tool === undefined) return { answer: describeGone(held) };
    if (tool.verdict === "deny") return { answer: refusal(describeDenial(held.name)) };
    // People decide by what they read, which is the service.
    if (tool.service !== service) return { answer: describeForeign(held) };
    if (tool.digest !== definition) return { answer: describeChanged(held) };
    return { tool };
  }
}

interface RecordedCall {
  readonly args: Arguments;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: CallProgress["onProgress"];
}

/** What a server answers in place of a result goes on record as one, for all who ask to learn it. */
async function callForRecord(
  { upstream, tool }: OfferedTool,
  call: RecordedCall,
): Promise<CallToolResult> {
  try {
    return await upstream.call({ tool, ...call });
  } catch (error) {
    if (error instanceof ProtocolError) return describeProtocolError(error);
    throw error;
  }
}

/** The server's own result; what a person changed is told after it. */
function describeOutcome(held: HeldCall, outcome: Outcome): CallToolResult {
  if (outcome.type === "refused") return refusal(outcome.text);
  // The labels were somebody else's: the gate has found, or asked, another question.
  if (outcome.type === "pending" || outcome.decision?.id !== held.id) return describeForeign(held);
  const { result, note } = outcome;
  if (note === undefined) return result;
  return { ...result, content: [...result.content, { type: "text", text: note }] };
}
