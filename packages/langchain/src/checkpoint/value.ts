import type {
  ChannelVersions,
  Checkpoint,
  SerializerProtocol,
} from "@langchain/langgraph-checkpoint";
import type { NamespaceAddress } from "./address.js";
import type { Entry } from "./calls.js";
import type { StoredCheckpoint } from "./checkpoint.js";
import type { ThreadKeys } from "./keys.js";
import { type Shelf, unreadable } from "./shelf.js";
import { dump, revive, type Typed } from "./typed.js";

/** The values of the channels that changed, each under its version. */
export async function draftValues(
  serde: SerializerProtocol,
  keys: ThreadKeys,
  {
    address,
    values,
    newVersions,
  }: {
    readonly address: NamespaceAddress;
    readonly values: Readonly<Record<string, unknown>>;
    readonly newVersions: ChannelVersions;
  },
): Promise<readonly Entry[]> {
  // A channel that was emptied has a new version and no value.
  const changed = Object.entries(newVersions).filter(([channel]) => Object.hasOwn(values, channel));
  return Promise.all(
    changed.map(async ([channel, version]) => ({
      key: keys.value(address, channel, version),
      content: await dump(serde, values[channel]),
    })),
  );
}

/** The values of one step, by key. */
type Step = ReadonlyMap<string, Typed>;

/** Reads the values of checkpoints, and keeps those of the last one, for its neighbours share most. */
export class ValueReader {
  readonly #shelf: Shelf;
  readonly #serde: SerializerProtocol;
  #steps = new Map<string, Promise<Step>>();

  constructor(shelf: Shelf, serde: SerializerProtocol) {
    this.#shelf = shelf;
    this.#serde = serde;
  }

  /**
   * A channel that claims a value of an earlier checkpoint, where none was put, is left out.
   *
   * @throws {InvalidResponseError} `RESPONSE_INVALID`: a value is gone that came with this one.
   */
  async read(
    keys: ThreadKeys,
    stored: StoredCheckpoint,
    { channel_versions: versions }: Checkpoint,
  ): Promise<Record<string, unknown>> {
    const channels = stored.channels.filter(([channel]) => Object.hasOwn(versions, channel));
    const steps = new Map<string, Promise<Step>>();
    const revived = await Promise.all(
      channels.map(async ([channel, isNew]): Promise<readonly [string, unknown][]> => {
        const version = versions[channel] as number | string;
        const folder = keys.valuesOf(stored.namespace, version);
        const step = this.#steps.get(folder) ?? steps.get(folder) ?? this.#load(folder);
        steps.set(folder, step);
        const typed = (await step).get(keys.value(stored, channel, version));
        if (!typed && isNew) throw unreadable("a value for each channel that changed");
        return typed ? [[channel, await revive(this.#serde, typed)]] : [];
      }),
    );
    this.#steps = steps;
    return Object.fromEntries(revived.flat());
  }

  async #load(prefix: string): Promise<Step> {
    const step = new Map<string, Typed>();
    for await (const { key, content } of this.#shelf.list<Typed>({ prefix })) {
      step.set(key, content);
    }
    return step;
  }
}
