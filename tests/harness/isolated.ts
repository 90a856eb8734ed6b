import { execFileSync } from "node:child_process";
import { type Child, startChild } from "./child.js";

const ISOLATED = ["unshare", "--map-root-user", "--net"] as const;

/** Whether this machine can give a process a network of its own, with nothing in it (Linux). */
export const canIsolate = (() => {
  try {
    const [command, ...args] = ISOLATED;
    execFileSync(command, [...args, "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/**
 * Runs TypeScript of this repository in a process that sees no network, and no environment but what is
 * given. Where the machine cannot isolate, only the environment is bare.
 */
export function startIsolated(file: string, environment: Readonly<Record<string, string>>): Child {
  return startChild(file, environment, [], {
    stdin: "pipe",
    inherited: { PATH: process.env.PATH },
    within: canIsolate ? ISOLATED : [],
  });
}
