import {
  type CheckpointPendingWrite,
  compareWritesSortKeys,
  type PendingWrite,
  type SerializerProtocol,
  WRITES_IDX_MAP,
  writesSortKey,
} from "@langchain/langgraph-checkpoint";
import type { CheckpointAddress } from "./address.js";
import type { Entry } from "./calls.js";
import type { ThreadKeys } from "./keys.js";
import type { Shelf } from "./shelf.js";
import { dump, revive, type Typed } from "./typed.js";

/** Writes of one task that share a record. */
interface StoredWrites {
  readonly task: string;
  readonly path: string;
  readonly writes: readonly (readonly [index: number, channel: string, value: Typed])[];
}

/**
 * So many writes of a task have a record each; those beyond share one. All of a task's writes are
 * then put by one call, of which none or all are seen: half of them would count as the whole when
 * the graph resumes.
 */
const SINGLE_WRITES = 64;

export async function draftWrites(
  serde: SerializerProtocol,
  keys: ThreadKeys,
  {
    address,
    writes,
    taskId,
    taskPath,
  }: {
    readonly address: CheckpointAddress;
    readonly writes: readonly PendingWrite[];
    readonly taskId: string;
    readonly taskPath: string;
  },
): Promise<readonly Entry[]> {
  const slots = new Map<string, StoredWrites["writes"]>();
  for (const [position, [channel, value]] of writes.entries()) {
    const index = Object.hasOwn(WRITES_IDX_MAP, channel)
      ? (WRITES_IDX_MAP[channel] as number)
      : position;
    const slot = index < SINGLE_WRITES ? String(index) : "rest";
    // Of one special channel only the last counts.
    const before = index < 0 ? [] : (slots.get(slot) ?? []);
    slots.set(slot, [...before, [index, channel, await dump(serde, value)]]);
  }
  return Array.from(slots, ([slot, stored]) => ({
    key: keys.write(address, taskId, slot),
    content: { task: taskId, path: taskPath, writes: stored } satisfies StoredWrites,
    // Errors, interrupts and answers to them replace what was there; of ordinary writes the first stay.
    ifAbsent: !slot.startsWith("-"),
  }));
}

/** All writes to a checkpoint, in the order in which a live run applies them. */
export async function loadWrites(
  shelf: Shelf,
  serde: SerializerProtocol,
  { keys, address }: { readonly keys: ThreadKeys; readonly address: CheckpointAddress },
): Promise<CheckpointPendingWrite[]> {
  const found: { readonly order: ReturnType<typeof writesSortKey>; readonly write: Write }[] = [];
  const prefix = keys.writesOf(address);
  for await (const { content } of shelf.list<StoredWrites>({ prefix })) {
    const { task, path, writes } = content;
    for (const [index, channel, value] of writes) {
      found.push({ order: writesSortKey(path, task, index), write: [task, channel, value] });
    }
  }
  found.sort((a, b) => compareWritesSortKeys(a.order, b.order));
  return Promise.all(
    found.map(async ({ write: [task, channel, value] }) => [
      task,
      channel,
      await revive(serde, value),
    ]),
  );
}

type Write = readonly [task: string, channel: string, value: Typed];
