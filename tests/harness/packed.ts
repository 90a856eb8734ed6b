import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

/** Packs packages as they would be published. @returns the paths of the tarballs, in this order. */
export async function packPackages(
  names: readonly string[],
  destination: string,
): Promise<readonly string[]> {
  const tarballs: string[] = [];
  for (const name of names) {
    const { stdout } = await run(
      "npx",
      ["--yes", "pnpm@12.21.0", "pack", "--json", "--pack-destination", destination],
      { cwd: join(packages, name) },
    );
    const { filename, files } = JSON.parse(stdout) as {
      readonly filename: string;
      readonly files: readonly { readonly path: string }[];
    };
    if (!files.some(({ path }) => path.startsWith("dist/"))) {
      throw new Error(`${name} is not built. Run: npx turbo run build --filter=./packages/*`);
    }
    tarballs.push(filename);
  }
  return tarballs;
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
