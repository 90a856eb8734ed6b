import { isFinalStatus, type JsonValue } from "@holdpoint/protocol";
import { digestJson, isJsonObject } from "../core.js";
import { createReplayMemory } from "../webhooks/memory.js";
import type {
  ReplayMemory,
  WebhookEvent,
  WebhookHandler,
  WebhookHandlerOptions,
} from "../webhooks/options.js";
import type { GatedCall, PendingCall, ToolCall } from "./call.js";
import type { Gate } from "./gate.js";

/** How long a turn that was resumed is remembered: longer than its events are redelivered. */
const REMEMBERED_MS = 7 * 86_400_000;
/** How long going on may take; one that died in the middle keeps others from the turn so long. */
const RUNNING_MS = 900_000;

/** An agent's turn that waits for people: the calls it made, and what is needed to go on. */
export interface ParkedTurn<Data> {
  /** The adapter that parked it, for example `ai-sdk`. */
  readonly adapter: string;
  readonly calls: readonly ToolCall[];
  /** The framework's own state, as plain JSON. */
  readonly data: Data;
}

/**
 * Puts one question for every call of a turn and parks the turn with each, so that whichever is
 * answered last can be gone on from. Safe to repeat: the same calls ask once.
 *
 * @param turn.calls - With their schemas. `runId` is needed here: it is how they are found again.
 */
export async function parkTurn<Data>(
  gate: Gate,
  turn: Omit<ParkedTurn<Data>, "calls"> & { readonly calls: readonly GatedCall[] },
): Promise<readonly PendingCall[]> {
  const { adapter, data, calls } = turn;
  const state = { adapter, data, calls: calls.map(bare) };
  const ask = async (call: GatedCall) => ({ call, ...(await gate.hold(call, { state })) });
  return Promise.all(calls.map(ask));
}

/** How a parked turn is gone on from. */
export interface ResumeOptions<Data> extends Omit<WebhookHandlerOptions, "on"> {
  readonly adapter: string;
  /** Called once every call of the turn has its answer; {@link Gate.run} then finds them. */
  readonly resume: (turn: ParkedTurn<Data>) => unknown;
}

/**
 * A webhook handler that goes on from parked turns, in whichever process it reaches.
 *
 * A turn is resumed when the last of its calls is answered, and once: a redelivery, or the webhook
 * of a sibling, finds it done. When `resume` throws, the event comes again.
 */
export function createResumeHandler<Data>(
  gate: Gate,
  { adapter, resume, seen = createReplayMemory(), ...options }: ResumeOptions<Data>,
): WebhookHandler {
  const on = async (event: WebhookEvent) => {
    const turn = await loadTurn<Data>(event, adapter);
    if (turn === undefined || !("request" in event)) return;
    const ids = await listAnswered(gate, turn);
    if (!ids?.includes(event.request.id)) return;
    await once(seen, `holdpoint.turn:${await digestJson([...ids].sort())}`, () => resume(turn));
  };
  return gate.holdpoint.webhooks.handler({ ...options, seen, on });
}

async function loadTurn<Data>(
  event: WebhookEvent,
  adapter: string,
): Promise<ParkedTurn<Data> | undefined> {
  if (!("decision" in event) || "execution" in event) return undefined;
  const state = await event.loadState();
  const turn = await state?.json<JsonValue>().catch(() => undefined);
  if (turn === undefined || !isJsonObject(turn) || turn.adapter !== adapter) return undefined;
  return turn as unknown as ParkedTurn<Data>;
}

/** The requests of a turn; `undefined` while one of them waits for its answer. */
async function listAnswered(
  gate: Gate,
  turn: ParkedTurn<unknown>,
): Promise<readonly string[] | undefined> {
  // Asked again, for the process that parked it may have died between two of its questions.
  const held = await Promise.all(turn.calls.map((call) => gate.hold(call, { state: turn })));
  const requests = await Promise.all(held.map(({ id }) => gate.holdpoint.requests.get(id)));
  if (!requests.every(({ status }) => isFinalStatus(status))) return undefined;
  return requests.map(({ id }) => id);
}

async function once(seen: ReplayMemory, name: string, work: () => unknown): Promise<void> {
  const running = `${name}:running`;
  if (!(await seen.add(running, after(RUNNING_MS)))) {
    throw new Error("This turn is being resumed elsewhere. The event comes again by itself.");
  }
  try {
    if (await seen.has(name)) return;
    await work();
    await seen.add(name, after(REMEMBERED_MS));
  } finally {
    await seen.delete(running);
  }
}

function bare({ tool, args, toolCallId, runId }: GatedCall): ToolCall {
  return { tool, args, toolCallId, ...(runId !== undefined && { runId }) };
}

function after(delayMs: number): Date {
  return new Date(Date.now() + delayMs);
}
