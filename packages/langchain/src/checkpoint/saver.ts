import type { RunnableConfig } from "@langchain/core/runnables";
import {
  BaseCheckpointSaver,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointTuple,
  type PendingWrite,
} from "@langchain/langgraph-checkpoint";
import {
  isCheckpointId,
  readAddress,
  requireCheckpoint,
  requireId,
  requireNamespace,
  requireThread,
  toConfig,
} from "./address.js";
import { draftCheckpoint, type StoredCheckpoint } from "./checkpoint.js";
import { findLatest, isFiltered, scanCheckpoints } from "./history.js";
import { ThreadKeys } from "./keys.js";
import { type HoldpointCheckpointSaverOptions, resolveOptions } from "./options.js";
import { Shelf } from "./shelf.js";
import { composeTuple } from "./tuple.js";
import { draftValues, ValueReader } from "./value.js";
import { draftWrites } from "./write.js";

/**
 * Keeps the checkpoints of LangGraph graphs in Holdpoint's control plane, encrypted when the client
 * has a key. A graph that was interrupted in one process resumes in another.
 *
 * Only this agent reads them: another API key of the same agent does, another agent's does not.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`, at construction: no API key, or the prefix.
 * @see https://docs.langchain.com/oss/javascript/langgraph/persistence
 */
export class HoldpointCheckpointSaver extends BaseCheckpointSaver {
  readonly #prefix: string;
  readonly #shelf: Shelf;

  constructor(options: HoldpointCheckpointSaverOptions = {}) {
    super(options.serde);
    const { holdpoint, prefix } = resolveOptions(options);
    this.#prefix = prefix;
    this.#shelf = new Shelf(holdpoint.records);
  }

  /**
   * The checkpoint that the config names, or the latest of its thread and namespace; `undefined`
   * where there is none.
   *
   * @throws {DecryptionError} `DECRYPTION_FAILED`, `DECRYPTION_KEY_MISSING`, `PLAINTEXT_REFUSED`: part
   *   of it does not open. It is never taken for an empty thread.
   */
  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { thread, namespace = "", id } = readAddress(config);
    if (thread === undefined) return undefined;
    if (id !== undefined && !isCheckpointId(id)) return undefined;
    const keys = this.#keysOf(thread);
    const stored =
      id === undefined
        ? await findLatest(this.#shelf, keys, namespace)
        : await this.#shelf.get<StoredCheckpoint>(keys.checkpoint({ thread, namespace, id }));
    return stored && this.#compose(stored, new ValueReader(this.#shelf, this.serde));
  }

  /**
   * Checkpoints, newest first. Without `checkpoint_ns` namespace by namespace, without `thread_id`
   * thread by thread: then in no order across them.
   *
   * @param options.before - Its `checkpoint_id` and all later ones are left out.
   * @param options.filter - Metadata that must be equal (`===`).
   */
  override async *list(
    config: RunnableConfig,
    { limit = Number.POSITIVE_INFINITY, before, filter }: CheckpointListOptions = {},
  ): AsyncGenerator<CheckpointTuple> {
    const until = before && readAddress(before).id;
    const query = { ...readAddress(config), before: until && requireId(until) };
    if (limit <= 0 || (query.id !== undefined && !isCheckpointId(query.id))) return;
    // A filter looks at more than it lets through.
    const page = { limit: filter ? 50 : Math.min(limit, 50) };
    const reader = new ValueReader(this.#shelf, this.serde);
    let left = limit;
    for await (const stored of scanCheckpoints(this.#shelf, this.#prefix, query, page)) {
      if (await isFiltered(this.serde, stored, filter)) continue;
      yield await this.#compose(stored, reader);
      left -= 1;
      if (left <= 0) return;
    }
  }

  /**
   * Puts a checkpoint and the values of the channels in `newVersions`: in one call while they are
   * less than about 500 kB together, else the checkpoint last.
   *
   * @throws {ValidationError} `VALIDATION_FAILED`: no `thread_id`.
   */
  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const address = { ...requireNamespace(config), id: requireId(checkpoint.id) };
    const keys = this.#keysOf(address.thread);
    const { channel_values: values } = checkpoint;
    const changed = await draftValues(this.serde, keys, { address, values, newVersions });
    const parent = readAddress(config).id;
    const head = { address, parent, checkpoint, metadata, newVersions };
    // A reader finds values through their checkpoint, so it comes last.
    const entries = [...changed, await draftCheckpoint(this.serde, keys, head)];
    await this.#shelf.put(entries, () => keys.drawParts());
    return toConfig(address);
  }

  /**
   * Puts what a task has written so far: all of it or nothing. Of ordinary writes the first with an
   * index stays; errors, interrupts and answers to them replace the one before.
   *
   * @throws {ValidationError} `VALIDATION_FAILED`: no `thread_id`, or no `checkpoint_id`.
   */
  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
    taskPath = "",
  ): Promise<void> {
    const address = requireCheckpoint(config);
    if (writes.length === 0) return;
    const keys = this.#keysOf(address.thread);
    const entries = await draftWrites(this.serde, keys, { address, writes, taskId, taskPath });
    await this.#shelf.put(entries, () => keys.drawParts());
  }

  /** Deletes all that was kept of a thread, in all namespaces, at once. */
  override async deleteThread(threadId: string): Promise<void> {
    await this.#shelf.delete(this.#keysOf(requireThread(threadId)).all);
  }

  /**
   * The step after `current`, and a fraction drawn by chance: two branches of one thread that change
   * a channel in the same step then have two values of it, and not one that overwrites the other.
   */
  override getNextVersion(current: number | undefined): number {
    const step = typeof current === "number" ? Math.floor(current) : current;
    return super.getNextVersion(step) + Math.random();
  }

  #keysOf(thread: string): ThreadKeys {
    return new ThreadKeys(this.#prefix, thread);
  }

  #compose(stored: StoredCheckpoint, reader: ValueReader): Promise<CheckpointTuple> {
    const keys = this.#keysOf(stored.thread);
    return composeTuple(stored, { shelf: this.#shelf, keys, serde: this.serde, reader });
  }
}
