import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const home = fileURLToPath(new URL("..", import.meta.url));

/** Whether this machine can give a process a network of its own, with nothing in it (Linux). */
export const canIsolate = (() => {
  try {
    execFileSync("unshare", ["--map-root-user", "--net", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/** A process that sees no network and no environment but what is given. */
export interface IsolatedProcess extends AsyncDisposable {
  readonly lines: AsyncIterator<string>;
  readonly ended: Promise<number | null>;
  tell(line: string): void;
  errors(): string;
}

/**
 * Runs TypeScript of this repository. Where the machine cannot isolate, only the environment is bare.
 */
export function startIsolated(
  file: string,
  environment: Readonly<Record<string, string>>,
): IsolatedProcess {
  const node = [process.execPath, "--conditions=@holdpoint/source", "--import=tsx", file];
  const [command = "", ...args] = canIsolate
    ? ["unshare", "--map-root-user", "--net", ...node]
    : node;
  const child = spawn(command, args, {
    cwd: home,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return {
    lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    ended,
    tell: (line) => child.stdin.write(`${line}\n`),
    errors: () => errors,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
