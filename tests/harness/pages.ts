import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A page of the documentation, and what it prints for its readers to use. */
export interface Page {
  readonly text: string;
  /** The code blocks in a language, as printed. */
  blocks(language: string): readonly string[];
  /** What it says to install, as names of packages. */
  readonly installs: readonly string[];
}

/** @param path - From the root of the repository. */
export async function readPage(path: string): Promise<Page> {
  const text = await readFile(join(root, path), "utf8");
  const [, line = ""] = /^npm install (.*)$/m.exec(text) ?? [];
  return {
    text,
    blocks: (language) =>
      [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
        ([, block]) => block as string,
      ),
    installs: line.split(" ").filter(Boolean),
  };
}
