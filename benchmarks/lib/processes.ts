import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A server in a process of its own, so that its memory and its core are not the client's. */
export interface ServerProcess<Ready> extends AsyncDisposable {
  readonly ready: Ready;
  /** Resident memory in bytes, after a garbage collection. */
  residentBytes(): Promise<number>;
}

/** Starts `file` and waits for the one message it sends when it listens. */
export async function startServer<Ready>(
  file: URL,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess<Ready>> {
  // Logs are written, as in production, but to a file: a terminal would be part of the figure.
  const log = openSync(join(tmpdir(), "holdpoint-bench.log"), "w");
  const child = fork(file, {
    env: { ...process.env, ...environment },
    execArgv: ["--expose-gc", "--import", "tsx"],
    stdio: ["ignore", "inherit", log, "ipc"],
  });
  closeSync(log);
  const gone = once(child, "exit").then(([code]) => {
    throw new Error(`Expected ${file.pathname} to listen, got its exit with code ${code}.`);
  });
  const [ready] = (await Promise.race([once(child, "message"), gone])) as [Ready];
  gone.catch(() => {});
  return {
    ready,
    residentBytes: () => measureResidentBytes(child),
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, "exit");
    },
  };
}

async function measureResidentBytes(child: ChildProcess): Promise<number> {
  child.send("collect");
  await once(child, "message");
  return readResidentBytes(child.pid as number);
}

/** Resident memory of a process, from Linux's `/proc`. */
export async function readResidentBytes(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, "utf8");
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(status)?.[1];
  if (kilobytes === undefined) throw new Error("Expected VmRSS in /proc: this needs Linux.");
  return Number(kilobytes) * 1024;
}

/** What a server process does for its parent: says that it is ready, collects, ends. */
export function serveParent(ready: unknown, close: () => Promise<void>): void {
  process.send?.(ready);
  process.on("message", () => {
    globalThis.gc?.();
    process.send?.("collected");
  });
  process.on("disconnect", () => void close().then(() => process.exit(0)));
}
