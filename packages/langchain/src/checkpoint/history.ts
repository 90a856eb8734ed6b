import type { CheckpointListOptions, SerializerProtocol } from "@langchain/langgraph-checkpoint";
import type { PartialAddress } from "./address.js";
import { reviveMetadata, type StoredCheckpoint } from "./checkpoint.js";
import { afterFolder, checkpointsIn, ThreadKeys, threadOfKey } from "./keys.js";
import type { Shelf } from "./shelf.js";

/** Which checkpoints; what is `undefined` does not narrow them. */
export interface CheckpointQuery extends PartialAddress {
  /** Only those whose id comes before this one. */
  readonly before: string | undefined;
}

/** One small call, however long the thread is. */
export async function findLatest(
  shelf: Shelf,
  keys: ThreadKeys,
  namespace: string,
): Promise<StoredCheckpoint | undefined> {
  const prefix = keys.checkpointsOf(namespace);
  const latest = shelf.list<StoredCheckpoint>({ prefix, order: "descending", limit: 1 });
  for await (const { content } of latest) return content;
  return undefined;
}

/** Newest first within each namespace. */
export async function* scanCheckpoints(
  shelf: Shelf,
  prefix: string,
  query: CheckpointQuery,
  page: { readonly limit?: number },
): AsyncGenerator<StoredCheckpoint> {
  for await (const range of rangesOf(shelf, prefix, query)) {
    for await (const { content } of shelf.list<StoredCheckpoint>({
      ...page,
      ...range,
      order: "descending",
    })) {
      if (isWanted(content, query)) yield content;
    }
  }
}

function isWanted(content: StoredCheckpoint, { namespace, id, before }: CheckpointQuery): boolean {
  return (
    (namespace === undefined || content.namespace === namespace) &&
    (id === undefined || content.id === id) &&
    (before === undefined || content.id < before)
  );
}

/** Tells whether a checkpoint's metadata is not what was asked for. */
export async function isFiltered(
  serde: SerializerProtocol,
  stored: StoredCheckpoint,
  filter: CheckpointListOptions["filter"] = {},
): Promise<boolean> {
  const wanted = Object.entries(filter);
  if (wanted.length === 0) return false;
  const metadata: Readonly<Record<string, unknown>> = await reviveMetadata(serde, stored);
  return wanted.some(([name, value]) => metadata[name] !== value);
}

interface Range {
  readonly prefix: string;
  readonly before?: string;
}

async function* rangesOf(
  shelf: Shelf,
  prefix: string,
  { thread, namespace, id = "", before }: CheckpointQuery,
): AsyncGenerator<Range> {
  if (thread === undefined) {
    for await (const folder of threadsOf(shelf, prefix)) yield { prefix: checkpointsIn(folder) };
    return;
  }
  const keys = new ThreadKeys(prefix, thread);
  if (namespace === undefined) {
    yield { prefix: checkpointsIn(keys.all) };
    return;
  }
  const folder = keys.checkpointsOf(namespace);
  yield { prefix: folder + id, ...(before !== undefined && { before: folder + before }) };
}

/** Steps from one thread to the next, without reading what lies between. */
async function* threadsOf(shelf: Shelf, prefix: string): AsyncGenerator<string> {
  const all = { prefix: `${prefix}/` };
  let key = await shelf.firstKey(all);
  while (key !== undefined) {
    const folder = threadOfKey(key);
    yield folder;
    key = await shelf.firstKey({ ...all, after: afterFolder(folder) });
  }
}
