import type { Readable, Writable } from "node:stream";
import picocolors from "picocolors";

export type Colours = ReturnType<typeof picocolors.createColors>;

/** Everything a command may touch of the process it runs in. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory. */
  readonly directory: string;
  readonly input: Readable;
  /** Only for bytes, and what draws on the screen itself, such as a prompt; text goes through `print`. */
  readonly screen: Writable;
  /** A person sits in front of it: both input and output are a terminal. */
  readonly interactive: boolean;
  /** Colours for standard output; they do nothing under `NO_COLOR` or when it is not a terminal. */
  readonly colours: Colours;
  /** Aborted when the process is asked to stop. */
  readonly stopped: AbortSignal;
  /** Writes one line, or several, to standard output. */
  print(text: string): void;
  /** Writes to standard error: progress and errors, never the result. */
  note(text: string): void;
}

/** The terminal of a process. Reads nothing from `process` but its streams, environment and folder. */
export function createTerminal(process: NodeJS.Process, stopped: AbortSignal): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const coloured = stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
  return {
    env,
    directory: process.cwd(),
    input: stdin,
    screen: stdout,
    interactive: stdin.isTTY === true && stdout.isTTY === true,
    colours: picocolors.createColors(coloured || Boolean(env.FORCE_COLOR)),
    stopped,
    print: (text) => stdout.write(`${text}\n`),
    note: (text) => stderr.write(`${text}\n`),
  };
}

/** Resolves when the process is asked to stop. */
export async function waitForStop({ stopped }: Terminal): Promise<void> {
  if (stopped.aborted) return;
  await new Promise<void>((resolve) => {
    stopped.addEventListener("abort", () => resolve(), { once: true });
  });
}
