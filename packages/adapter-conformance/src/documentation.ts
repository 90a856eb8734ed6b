import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { afterAll, expect } from "vitest";

const run = promisify(execFile);

/** Programs of a package's documentation, run as they are printed. */
export interface Documentation {
  /** The TypeScript blocks of a page, in their order. */
  blocksOf(path: string): Promise<readonly string[]>;
  /** Puts a program beside the others, for one of them to import. */
  write(name: string, code: string): Promise<string>;
  /**
   * Runs a program in a process of its own, with `src/testing/offline.ts` of the package loaded first.
   *
   * @returns what it printed.
   */
  play(name: string, code: string, environment?: Record<string, string>): Promise<string>;
  /**
   * Runs `start.mts`, then posts to the handler of `route.mts` as a stranger.
   *
   * @returns the lines of the first, and the status the second answered with.
   */
  playDurable(): Promise<readonly string[]>;
  /** Runs a program of a page, and expects what the page says that one sees. */
  expectAsSaid(path: string, name: string, code: string): Promise<void>;
}

/** Each program starts a process that compiles and starts a control plane, on a busy machine. */
export const SLOW = { timeout: 120_000 };

/**
 * @param home - The package's folder, with a slash at its end.
 * @param edit - What has to be put in place of a block's code, for example a fake model's name.
 */
export async function createDocumentation(
  home: string,
  edit: (code: string) => string = (code) => code,
): Promise<Documentation> {
  // Inside the package, so that the examples resolve it by its own name.
  await mkdir(`${home}.results`, { recursive: true });
  const folder = await mkdtemp(`${home}.results/readme-`);
  afterAll(() => rm(folder, { recursive: true }));

  /** As it is printed, but for the ending by which tsx knows a module. */
  async function write(name: string, code: string): Promise<string> {
    const file = `${folder}/${name}`;
    await writeFile(file, edit(code).replaceAll("./agent.js", "./agent.mjs"));
    return file;
  }

  async function play(name: string, code: string, environment: Record<string, string> = {}) {
    const file = await write(name, code);
    const flags = ["--conditions=@holdpoint/source", "--import=tsx"];
    const { stdout } = await run(
      process.execPath,
      [...flags, `--import=${home}src/testing/offline.ts`, file],
      { cwd: home, env: { ...process.env, ...environment } },
    );
    return stdout;
  }

  return {
    write,
    play,
    async blocksOf(path) {
      const text = await readFile(path, "utf8");
      return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code as string);
    },
    async playDurable() {
      const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
      const environment = { DECISIONS: "none", HOLDPOINT_WEBHOOK_SECRET: secret };
      return (await play("durable.mts", DURABLE, environment)).trim().split("\n");
    },
    async expectAsSaid(path, name, code) {
      const page = await readFile(path, "utf8");
      const said = /What you see[\s\S]*?```text\n([\s\S]*?)```/.exec(page)?.[1] as string;
      const masked = (text: string) => text.replace(/http:\S+/g, "URL").trim();
      expect(masked(await play(name, code))).toBe(masked(said));
    },
  };
}

const DURABLE = `await import("./start.mjs");
const { POST } = await import("./route.mjs");
const forged = new Request("http://localhost/", { method: "POST", body: "{}" });
console.log((await POST(forged)).status);`;
