import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Bytes on this process's heap that somebody still holds. */
export function heldBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
