import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { WireExecution, WireList, WireRequest } from "@holdpoint/protocol";
import { transform } from "esbuild";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { decideAtLinks, startOperator } from "../harness/operator.js";

const run = promisify(execFile);
const COMPILER = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));

/** What came of a program that asked for one thing. */
export interface Played {
  readonly output: string;
  readonly request: WireRequest;
  /** The run under its approval, if there was one. */
  readonly execution: WireExecution | undefined;
}

export interface PlayOptions {
  /** What the operator makes of whatever is asked. */
  readonly decision: Parameters<ServedControlPlane["decide"]>[1];
  /** When: once it has printed the link, or as soon as it has asked. Default `asked`. */
  readonly decideWhen?: "asked" | "linked";
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs `node` with these arguments in a project, beside a control plane with an operator, over HTTP.
 *
 * @throws {Error} when it asked for less or more than one thing.
 */
export async function play(
  folder: string,
  args: readonly string[],
  { decision, decideWhen = "asked", environment = {} }: PlayOptions,
): Promise<Played> {
  await using holdpoint = await serveControlPlane({ allowLoopbackWebhooks: true });
  await using _operator =
    decideWhen === "asked" ? await startOperator(holdpoint, decision) : undefined;
  const { PATH = "" } = process.env;
  const running = run(process.execPath, args, {
    cwd: folder,
    timeout: 180_000,
    // Nothing else, so that no key or setting of this machine takes part.
    env: {
      PATH,
      HOME: folder,
      HOLDPOINT_URL: holdpoint.url,
      HOLDPOINT_API_KEY: holdpoint.apiKey,
      ...environment,
    },
  });
  const [{ stdout }] = await Promise.all([
    running,
    decideWhen === "linked" && decideAtLinks(holdpoint, running.child.stdout as Readable, decision),
  ]);
  return { output: stdout, ...(await readOutcome(holdpoint)) };
}

async function readOutcome(holdpoint: ServedControlPlane): Promise<Omit<Played, "output">> {
  const read = async (path: string) => (await holdpoint.operate(path)).json();
  const { data } = (await read("/v1/requests")) as WireList<WireRequest>;
  const [request] = data;
  if (request === undefined || data.length > 1) {
    throw new Error(`Expected one request, got ${data.length}.`);
  }
  const { id } = request.execution;
  const execution = id === undefined ? id : ((await read(`/v1/executions/${id}`)) as WireExecution);
  return { request, execution };
}

/** Writes TypeScript as it is printed, but for its types, for the floor of Node runs none. */
export async function writeTypeScript(folder: string, file: string, code = ""): Promise<void> {
  const tsconfigRaw = { compilerOptions: { verbatimModuleSyntax: true } };
  const { code: plain } = await transform(code, { loader: "ts", tsconfigRaw });
  await writeFile(join(folder, file), plain);
}

/**
 * Compiles TypeScript as it is printed, with the types that are installed.
 *
 * @throws what the compiler says.
 */
export async function checkTypes(folder: string, code = ""): Promise<void> {
  await writeFile(join(folder, "typed.mts"), code);
  const flags = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext"];
  const args = [COMPILER, ...flags, "--target", "es2023", "--lib", "es2023,dom", "typed.mts"];
  await run(process.execPath, args, { cwd: folder }).catch(({ stdout }: { stdout: string }) => {
    throw new Error(stdout);
  });
}

/** Loads each entry in both formats. @returns the names it exports as ES module and as CommonJS. */
export async function loadEntries(
  folder: string,
  entries: readonly string[],
): Promise<readonly (readonly [readonly string[], readonly string[]])[]> {
  const code = `
    import { createRequire } from "node:module";
    const require = createRequire(import.meta.url);
    const namesOf = (entry) => Object.keys(entry).sort();
    const loaded = [];
    for (const entry of ${JSON.stringify(entries)}) {
      loaded.push([namesOf(await import(entry)), namesOf(require(entry))]);
    }
    console.log(JSON.stringify(loaded));`;
  await writeFile(join(folder, "load.mjs"), code);
  const { stdout } = await run(process.execPath, ["load.mjs"], { cwd: folder });
  return JSON.parse(stdout);
}
