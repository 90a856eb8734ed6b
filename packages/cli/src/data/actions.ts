import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The manifests that come along: beside the built command line, or in the workspace. */
const DIRECTORY = ["../actions/", "../../actions/"]
  .map((place) => fileURLToPath(new URL(place, import.meta.url)))
  .find((directory) => existsSync(directory));

/** The ids of the manifests that come along. */
export async function listShippedActions(): Promise<readonly string[]> {
  if (DIRECTORY === undefined) return [];
  const files = await readdir(DIRECTORY);
  return files
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -5))
    .sort();
}

export function shippedActionPath(id: string): string {
  return `${DIRECTORY}${id}.yaml`;
}
