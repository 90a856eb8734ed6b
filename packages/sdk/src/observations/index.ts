// Loaded with the first calls that are sent.
import { BATCH_SIZE, type Observer } from "../core.js";
import type { FlushOptions } from "./options.js";

export async function send(_observer: Observer): Promise<void> {
  void BATCH_SIZE;
}

export async function flush(observer: Observer, _options: FlushOptions): Promise<void> {
  await send(observer);
}
