import { stat } from "node:fs/promises";
import type { DataDirectory } from "../data/directory.js";
import { drawKey } from "../data/master-key.js";
import { type Check, failed, passed, skipped } from "./check.js";

const OLDEST_NODE = { major: 20, minor: 19 };

export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const newEnough =
    major > OLDEST_NODE.major || (major === OLDEST_NODE.major && minor >= OLDEST_NODE.minor);
  return newEnough
    ? passed("Node.js", version)
    : failed("Node.js", version, "install Node.js 20.19 or later: https://nodejs.org");
}

/** Opens a database in memory with the very engine that `dev` and `serve` use. */
export async function checkDatabase(): Promise<Check> {
  try {
    const { createControlPlane } = await import("@holdpoint/server");
    const plane = await createControlPlane({
      storage: { kind: "memory" },
      masterKey: drawKey(),
    });
    await plane.close();
    return passed("Database", "SQLite opens");
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return failed("Database", message, "install again: npm install holdpoint");
  }
}

export async function checkDataDirectory(directory: DataDirectory): Promise<Check> {
  const name = "Data folder";
  const loose: string[] = [];
  for (const path of [
    directory.path,
    directory.masterKey,
    directory.credentials,
    directory.database,
  ]) {
    const mode = await modeOf(path);
    if (mode === undefined && path === directory.path) {
      return skipped(name, `none at ${path}; holdpoint dev makes it`);
    }
    if (mode !== undefined && (mode & 0o077) !== 0 && process.platform !== "win32")
      loose.push(path);
  }
  return loose.length === 0
    ? passed(name, `${directory.path}, open to you alone`)
    : failed(name, `others may read ${loose.join(", ")}`, `chmod -R go= ${directory.path}`);
}

async function modeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mode }) => mode,
    () => undefined,
  );
}
