import { execFile } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

/** Packs packages as they would be published. @returns the paths of the tarballs. */
export async function packPackages(
  names: readonly string[],
  destination: string,
): Promise<readonly string[]> {
  for (const name of names) {
    await run("npx", ["--yes", "pnpm@12.21.0", "pack", "--pack-destination", destination], {
      cwd: join(packages, name),
    });
  }
  const tarballs = (await readdir(destination)).filter((name) => name.endsWith(".tgz"));
  if (tarballs.length !== names.length) {
    throw new Error(`Expected ${names.length} tarballs, got ${tarballs.join(", ")}.`);
  }
  return tarballs.map((name) => join(destination, name));
}

/** Makes an empty project and installs into it, with npm as a user would. */
export async function installProject(folder: string, specs: readonly string[]): Promise<void> {
  await writeFile(join(folder, "package.json"), '{"private":true}');
  await run(
    "npm",
    ["install", "--prefer-offline", "--no-audit", "--no-fund", ...specs],
    // A registry that stalls for a minute, as they do, is no fault of the packages.
    { cwd: folder, timeout: 600_000 },
  );
}
