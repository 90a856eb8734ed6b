import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createFolder } from "./folder.js";

/** One run of a guarded function. */
export interface Effect {
  readonly args: unknown;
  readonly idempotencyKey: string;
}

/** A file that processes append a line to whenever they do the one thing that must not happen twice. */
export async function createEffects(): Promise<
  { readonly path: string; read(): Promise<Effect[]> } & AsyncDisposable
> {
  const folder = await createFolder();
  const path = join(folder.path, "effects.jsonl");
  return {
    path,
    async read() {
      const text = await readFile(path, "utf8").catch(() => "");
      return text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Effect);
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
