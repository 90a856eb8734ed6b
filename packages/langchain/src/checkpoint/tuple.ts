import {
  type Checkpoint,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  maxChannelVersion,
  type SerializerProtocol,
  TASKS,
} from "@langchain/langgraph-checkpoint";
import { toConfig } from "./address.js";
import { reviveCheckpoint, reviveMetadata, type StoredCheckpoint } from "./checkpoint.js";
import type { ThreadKeys } from "./keys.js";
import type { Shelf } from "./shelf.js";
import type { ValueReader } from "./value.js";
import { loadWrites } from "./write.js";

/** From this version on LangGraph keeps what is to be sent in a channel of its own. */
const SENDS_IN_CHANNEL = 4;

/** Where a checkpoint's other records are, and how they are read. */
interface Surroundings {
  readonly shelf: Shelf;
  readonly keys: ThreadKeys;
  readonly serde: SerializerProtocol;
  readonly reader: ValueReader;
}

/** Puts a checkpoint together with its channels' values and the writes to it. */
export async function composeTuple(
  stored: StoredCheckpoint,
  surroundings: Surroundings,
): Promise<CheckpointTuple> {
  const { shelf, keys, serde, reader } = surroundings;
  const checkpoint = await reviveCheckpoint(serde, stored);
  const [values, metadata, pendingWrites] = await Promise.all([
    reader.read(keys, stored, checkpoint),
    reviveMetadata(serde, stored),
    loadWrites(shelf, serde, { keys, address: stored }),
  ]);
  const { parent } = stored;
  const whole = { ...checkpoint, channel_values: values };
  return {
    config: toConfig(stored),
    checkpoint:
      parent !== null && checkpoint.v < SENDS_IN_CHANNEL
        ? withSends(
            whole,
            await loadWrites(shelf, serde, { keys, address: { ...stored, id: parent } }),
          )
        : whole,
    metadata,
    pendingWrites,
    ...(parent !== null && { parentConfig: toConfig({ ...stored, id: parent }) }),
  };
}

/** An old checkpoint's sends are among the writes to the one before it. */
function withSends(
  checkpoint: Checkpoint,
  parentWrites: readonly CheckpointPendingWrite[],
): Checkpoint {
  const sends = parentWrites.filter(([, channel]) => channel === TASKS).map(([, , value]) => value);
  const versions = Object.values(checkpoint.channel_versions);
  const version = versions.length > 0 ? maxChannelVersion(...versions) : 1;
  return {
    ...checkpoint,
    channel_values: { ...checkpoint.channel_values, [TASKS]: sends },
    channel_versions: { ...checkpoint.channel_versions, [TASKS]: version },
  };
}
