import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where one `claude` keeps its sessions, and works: empty, and gone afterwards. */
export interface Disk extends AsyncDisposable {
  /** `HOME` and `CLAUDE_CONFIG_DIR`. */
  readonly home: string;
  /** The text of a session, as another machine would copy it. */
  readSession(sessionId: string): Promise<string>;
  writeSession(sessionId: string, text: string): Promise<void>;
}

/** Where every test's Claude works: it finds a session only from the folder it ran in. */
export const WORK_FOLDER = tmpdir();
const PROJECT = WORK_FOLDER.replace(/[^a-zA-Z0-9]/g, "-");

export async function createDisk(): Promise<Disk> {
  const home = await mkdtemp(join(tmpdir(), "holdpoint-claude-"));
  const projects = join(home, "projects");
  return {
    home,
    async readSession(sessionId) {
      const names = await readdir(projects, { recursive: true });
      const name = names.find((each) => each.endsWith(`${sessionId}.jsonl`));
      if (name === undefined) throw new Error(`Expected session ${sessionId}, got none.`);
      return readFile(join(projects, name), "utf8");
    },
    async writeSession(sessionId, text) {
      await mkdir(join(projects, PROJECT), { recursive: true });
      await writeFile(join(projects, PROJECT, `${sessionId}.jsonl`), text);
    },
    // Claude may still write while it ends.
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true, maxRetries: 5 }),
  };
}
