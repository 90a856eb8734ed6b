import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";

type Cedar = typeof import("@cedar-policy/cedar-wasm/nodejs");

const ENTRY = "@cedar-policy/cedar-wasm/nodejs";
const load = createRequire(import.meta.url);

let loaded: Cedar | undefined;
let generation = 0;

/** Cedar did not survive a text or a question; nothing is known of what was asked. */
export class CedarFault extends Error {
  override readonly name = "CedarFault";
}

/**
 * Calls Cedar, which is loaded when it is first needed. A trap in WebAssembly, such as its stack's
 * overflow on a text nested too deeply, leaves the instance unusable for everybody after; so the one
 * that trapped is dropped with all it had parsed, and the next call gets a new one.
 *
 * @throws {CedarFault}
 */
export function callCedar<Result>(call: (cedar: Cedar) => Result): Result {
  loaded ??= loadCedar();
  try {
    return call(loaded);
  } catch (cause) {
    delete load.cache[load.resolve(ENTRY)];
    loaded = undefined;
    generation += 1;
    throw new CedarFault("Cedar could not take this in.", { cause });
  }
}

/** Counts up whenever what was parsed before is gone. */
export function cedarGeneration(): number {
  return generation;
}

/**
 * The V8 of Node 20 and 22 ends the process where it has inlined a call of WebAssembly that gives a
 * reference, as all of Cedar's do, and gives up that optimisation during the call. So it inlines none.
 */
function loadCedar(): Cedar {
  setFlagsFromString("--no-turbo-inline-js-wasm-calls");
  return load(ENTRY) as Cedar;
}
