import {
  Holdpoint,
  type HoldpointRequest,
  type RequestResolvedEvent,
  type WebhookEvent,
  type WebhookHandler,
  type WebhookHandlerOptions,
} from "@holdpoint/sdk";
import { createReplayMemory } from "@holdpoint/sdk/adapter";
import type { RunnableConfig } from "@langchain/core/runnables";
import { Command, type StateSnapshot } from "@langchain/langgraph";
import { INTERRUPTED } from "./interrupt.js";
import { findStanding } from "./pending.js";

/** How long a run may take; one that died in the middle keeps others waiting so long. */
const RUNNING_MS = 900_000;

/** A compiled graph with a checkpointer, or the `graph` of an agent. */
export interface ResumableGraph<Output> {
  getState(config: RunnableConfig): Promise<StateSnapshot>;
  invoke(input: Command<unknown, never, never>, config: RunnableConfig): Promise<Output>;
}

/** How interrupted graphs are gone on with. */
export interface ResumeFromWebhookOptions<Output> extends Omit<WebhookHandlerOptions, "on"> {
  readonly graph: ResumableGraph<Output>;
  /** The `service` the tools are gated with: what others ask is left alone. */
  readonly service: string;
  /** Default: a new client, from `HOLDPOINT_API_KEY` and `HOLDPOINT_URL`. */
  readonly holdpoint?: Holdpoint | undefined;
  /**
   * The config to go on with. Needed where the gate has a `runId` of its own, or the graph a context.
   * `undefined`: not one of this graph's. Default: the request's `runId` as `thread_id`.
   */
  readonly config?: ((request: HoldpointRequest) => RunnableConfig | undefined) | undefined;
  /** Given what the graph comes to: the end, or the next interrupt. When it throws, see `onError`. */
  readonly onResult?: ((output: Output, event: RequestResolvedEvent) => unknown) | undefined;
}

/**
 * A webhook handler that goes on with interrupted graphs, in whichever process it reaches.
 *
 * It resumes the interrupt of the request that was decided; of the same step, siblings that have
 * their answer by then go on with it, and the others stay interrupted. One run at a time per thread:
 * while another is on its way the event is not taken, and comes again by itself. Share `seen` between
 * processes, so that this holds between them too.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key. Without a webhook secret it is the
 *   handler that rejects with it.
 */
export function resumeFromWebhook<Output>({
  graph,
  service,
  holdpoint = new Holdpoint(),
  config = toThread,
  onResult,
  seen = createReplayMemory(),
  ...options
}: ResumeFromWebhookOptions<Output>): WebhookHandler {
  const on = async (event: WebhookEvent) => {
    if (!isDecisionFor(service, event)) return;
    const thread = config(event.request);
    if (thread === undefined) return;
    const resumed = await alone(seen, thread, () => resume(graph, thread, event));
    if (resumed !== undefined) await onResult?.(resumed.output, event);
  };
  return holdpoint.webhooks.handler({ ...options, seen, on });
}

function isDecisionFor(service: string, event: WebhookEvent): event is RequestResolvedEvent {
  if (!("decision" in event) || "execution" in event) return false;
  const { request } = event;
  const isOurs = Object.entries(INTERRUPTED).every(([key, mark]) => request.metadata[key] === mark);
  return isOurs && request.service === service;
}

function toThread({ runId }: HoldpointRequest): RunnableConfig | undefined {
  return runId === undefined ? undefined : { configurable: { thread_id: runId } };
}

async function resume<Output>(
  graph: ResumableGraph<Output>,
  thread: RunnableConfig,
  event: RequestResolvedEvent,
): Promise<{ readonly output: Output } | undefined> {
  const standing = findStanding(await graph.getState(thread), event);
  if (standing.type === "answered") return undefined;
  if (standing.type === "absent") throw comesAgain("has not come to its interrupt yet");
  const ageMs = Date.now() - event.timestamp.getTime();
  if (standing.isRunning && ageMs < RUNNING_MS) throw comesAgain("has not come to rest yet");
  // What it is resumed with is no answer: the gate looks the decision up for itself.
  const resume = Object.fromEntries(
    standing.interruptIds.map((id) => [id, { requestId: event.request.id }]),
  );
  return { output: await graph.invoke(new Command<unknown, never, never>({ resume }), thread) };
}

async function alone<Value>(
  seen: NonNullable<WebhookHandlerOptions["seen"]>,
  thread: RunnableConfig,
  work: () => Promise<Value>,
): Promise<Value> {
  const running = `holdpoint.thread:${String(thread.configurable?.thread_id)}:running`;
  if (!(await seen.add(running, new Date(Date.now() + RUNNING_MS)))) {
    throw comesAgain("is being resumed elsewhere");
  }
  try {
    return await work();
  } finally {
    await seen.delete(running);
  }
}

function comesAgain(what: string): Error {
  return new Error(`The thread ${what}. The event comes again by itself.`);
}
