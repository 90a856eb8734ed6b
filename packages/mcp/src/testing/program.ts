import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("../bin.ts", import.meta.url));

/** How to start the program from its source. */
export function bin(args: readonly string[] = []): { command: string; args: string[] } {
  const flags = ["--conditions=@holdpoint/source", "--import=tsx"];
  return { command: process.execPath, args: [...flags, file, ...args] };
}

export interface HttpProgram extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly url: string;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** The program over HTTP, once it listens. */
export async function startHttpProgram(
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<HttpProgram> {
  const { command, args: own } = bin(["--http", "--port", "0", ...args]);
  const child = spawn(command, own, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit").then(([code, signal]) => code ?? signal);
  const url = await findUrl(child);
  return {
    process: child,
    url,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function findUrl(child: ChildProcess): Promise<string> {
  const seen: string[] = [];
  for await (const line of createInterface({ input: child.stderr as NodeJS.ReadableStream })) {
    seen.push(line);
    const url = /listening at (\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`The program ended without listening:\n${seen.join("\n")}`);
}

/** Runs the program till it ends, without input. */
export async function runProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const { command, args: own } = bin(args);
  const child = spawn(command, own, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, stdout, stderr };
}
