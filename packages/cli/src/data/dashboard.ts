import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The built dashboard: beside the built command line, or in the workspace when run from source. */
export function findDashboard(): string | undefined {
  return ["./dashboard/", "../../../dashboard/dist/"]
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((directory) => existsSync(`${directory}index.html`));
}
