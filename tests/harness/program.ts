import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "./child.js";

/**
 * Runs a program that a page prints, inside this package, so that it resolves the SDK by its own name.
 *
 * @param name - Of its file.
 */
export async function startProgram(
  name: string,
  code: string,
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<Child> {
  const script = fileURLToPath(new URL(`../.results/${name}.mts`, import.meta.url));
  await mkdir(dirname(script), { recursive: true });
  await writeFile(script, code);
  return startChild(script, environment, args);
}
