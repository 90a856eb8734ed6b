// Installs and builds with nothing but Node and npm: pnpm, in the pinned version, comes through npx.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));

/** The command line that runs a tool of the workspace with pnpm on its PATH, as turbo needs it. */
export function throughPnpm(...argv) {
  return ["npx", "--yes", packageManager, ...argv];
}

/** Installs what the lockfile says. */
export async function install() {
  await step("Installing", throughPnpm("install", "--frozen-lockfile", "--prefer-offline"));
}

/**
 * Builds what runs of these packages and of what they stand on, without type declarations, which
 * take most of the time of a build. What has not changed is not built again.
 */
export async function build(...packages) {
  const filters = packages.map((name) => `--filter=${name}`);
  await step(
    "Building",
    throughPnpm("exec", "turbo", "run", "build:js", "--ui=stream", ...filters),
  );
}

/**
 * Runs a command and answers its exit code.
 *
 * @param options.quiet - Called with each piece of output instead of showing it.
 */
export function run([command, ...argv], { quiet, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, {
      cwd: root,
      shell: process.platform === "win32",
      stdio: ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"],
      env: {
        ...process.env,
        TURBO_TELEMETRY_DISABLED: "1",
        TURBO_NO_UPDATE_NOTIFIER: "1",
        ...env,
      },
    });
    child.stdout?.on("data", quiet);
    child.stderr?.on("data", quiet);
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/** A command as one line of progress; its output is shown only when it fails. */
async function step(label, command) {
  const startedMs = performance.now();
  process.stdout.write(`${label} … `);
  const output = [];
  const code = await run(command, { quiet: (piece) => output.push(piece) });
  if (code !== 0) {
    process.stdout.write("failed\n");
    process.stderr.write(Buffer.concat(output));
    throw new Error(`${label} failed: ${command.join(" ")}`);
  }
  process.stdout.write(`${((performance.now() - startedMs) / 1000).toFixed(1)} s\n`);
}
