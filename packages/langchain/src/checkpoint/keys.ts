import { createHash, randomUUID } from "node:crypto";
import type { CheckpointAddress, NamespaceAddress } from "./address.js";

/**
 * The keys of one thread's records. All begin with {@link ThreadKeys.all}, so that one call deletes
 * the thread.
 *
 * Names that users and graphs choose stand in them as digests: of any length and any characters,
 * and nothing to read for whoever has the database. The digests are not keyed with the client's
 * encryption key: with another key the records must be found and fail to open, and not look like an
 * empty thread.
 */
export class ThreadKeys {
  readonly all: string;
  readonly #thread: string;

  constructor(prefix: string, thread: string) {
    this.#thread = thread;
    this.all = `${prefix}/${digest("thread", thread)}/`;
  }

  /** In the order of their ids, which is that of time. */
  checkpointsOf(namespace: string): string {
    return `${checkpointsIn(this.all)}${this.#digest("namespace", namespace)}/`;
  }

  checkpoint({ namespace, id }: CheckpointAddress): string {
    return `${this.checkpointsOf(namespace)}${id}`;
  }

  writesOf({ namespace, id }: CheckpointAddress): string {
    return `${this.all}w/${this.#digest("namespace", namespace)}/${id}/`;
  }

  write(checkpoint: CheckpointAddress, taskId: string, slot: string): string {
    return `${this.writesOf(checkpoint)}${this.#digest("task", taskId)}/${slot}`;
  }

  /** The values that channels got in one step: LangGraph counts versions up by step. */
  valuesOf(namespace: string, version: number | string): string {
    const step =
      typeof version === "number" ? Math.floor(version) : this.#digest("version", version);
    return `${this.all}v/${this.#digest("namespace", namespace)}/${step}/`;
  }

  value({ namespace }: NamespaceAddress, channel: string, version: number | string): string {
    return `${this.valuesOf(namespace, version)}${this.#digest("value", channel, version)}`;
  }

  /** Draws a place for the parts of one large entry. */
  drawParts(): string {
    return `${this.all}p/${randomUUID()}/`;
  }

  #digest(...names: readonly (string | number)[]): string {
    return digest(...names, this.#thread);
  }
}

/** Of all namespaces of a thread. They come before whatever else is kept of it. */
export function checkpointsIn(thread: string): string {
  return `${thread}c/`;
}

/** The part of a key that all records of its thread share. */
export function threadOfKey(key: string): string {
  return key
    .split("/", 2)
    .map((part) => `${part}/`)
    .join("");
}

/** Beyond every key that begins with `folder`, and before every other that follows. */
export function afterFolder(folder: string): string {
  return `${folder.slice(0, -1)}0`; // The character after the slash.
}

/** Half a surrogate pair is written as `\ud…`, so no two names have the same text. */
function digest(...names: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(names)).digest("base64url");
}
