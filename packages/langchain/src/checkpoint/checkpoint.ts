import {
  type ChannelVersions,
  type Checkpoint,
  type CheckpointMetadata,
  copyCheckpoint,
  type SerializerProtocol,
} from "@langchain/langgraph-checkpoint";
import type { CheckpointAddress } from "./address.js";
import type { Entry } from "./calls.js";
import type { ThreadKeys } from "./keys.js";
import { dump, revive, type Typed } from "./typed.js";

/** What is kept of a checkpoint, but for the values of its channels. */
export interface StoredCheckpoint extends CheckpointAddress {
  readonly parent: string | null;
  /** The channels that had a value, and whether they got it with this checkpoint. */
  readonly channels: readonly (readonly [name: string, isNew: boolean])[];
  readonly checkpoint: Typed;
  readonly metadata: Typed;
}

export async function draftCheckpoint(
  serde: SerializerProtocol,
  keys: ThreadKeys,
  {
    address,
    parent,
    checkpoint,
    metadata,
    newVersions,
  }: {
    readonly address: CheckpointAddress;
    readonly parent: string | undefined;
    readonly checkpoint: Checkpoint;
    readonly metadata: CheckpointMetadata;
    readonly newVersions: ChannelVersions;
  },
): Promise<Entry> {
  const content: StoredCheckpoint = {
    ...address,
    parent: parent ?? null,
    channels: Object.keys(checkpoint.channel_values).map((name) => [
      name,
      Object.hasOwn(newVersions, name),
    ]),
    checkpoint: await dump(serde, { ...copyCheckpoint(checkpoint), channel_values: {} }),
    metadata: await dump(serde, metadata),
  };
  return { key: keys.checkpoint(address), content };
}

/** The checkpoint with no values in it yet. */
export async function reviveCheckpoint(
  serde: SerializerProtocol,
  { checkpoint }: StoredCheckpoint,
): Promise<Checkpoint> {
  return (await revive(serde, checkpoint)) as Checkpoint;
}

export async function reviveMetadata(
  serde: SerializerProtocol,
  { metadata }: StoredCheckpoint,
): Promise<CheckpointMetadata> {
  return (await revive(serde, metadata)) as CheckpointMetadata;
}
