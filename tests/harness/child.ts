import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const home = fileURLToPath(new URL("..", import.meta.url));

/** A process of its own, running TypeScript of this repository. */
export interface Child extends AsyncDisposable {
  readonly process: ChildProcess;
  /** The next line of its standard output; rejects when it ends before one comes. */
  nextLine(): Promise<string>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** All it wrote to standard error so far. */
  errors(): string;
}

export interface ChildOptions {
  readonly stdin?: "ignore" | "pipe";
  /** What it sees beside its own environment. Default: all that this process does. */
  readonly inherited?: NodeJS.ProcessEnv;
  /** A command that runs it. Default: none. */
  readonly within?: readonly string[];
}

export function startChild(
  file: string,
  environment: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
  options: ChildOptions = {},
): Child {
  const { stdin = "ignore", inherited = process.env, within = [] } = options;
  const node = [process.execPath, "--conditions=@holdpoint/source", "--import=tsx", file, ...args];
  const [command = process.execPath, ...rest] = [...within, ...node];
  const child = spawn(command, rest, {
    cwd: home,
    env: { ...inherited, ...environment },
    stdio: [stdin, "pipe", "pipe"],
  });
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once("exit", (code, signal) => resolve(code ?? signal ?? -1));
  });
  let errors = "";
  // Whoever is killed may not have read all of it.
  child.stdin?.on("error", () => {});
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[
    Symbol.asyncIterator
  ]();
  return {
    process: child,
    ended,
    errors: () => errors,
    async nextLine() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`The child ended (${await ended}) without a line. ${errors}`);
      return value;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
