import { access, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { documentationUrl, ERROR_CODES, type ErrorCode } from "@holdpoint/protocol";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const codes = Object.keys(ERROR_CODES) as ErrorCode[];

describe("docs", () => {
  it("explains every error code, under the heading its URL points to, with its status", async () => {
    const page = await readFile(join(root, "docs/reference/errors.md"), "utf8");
    const explained = [...page.matchAll(/^### (\w+)\n\n(HTTP (\d+)|Client only)/gm)].map(
      ([, code, , status]) => ({ code, status: status === undefined ? null : Number(status) }),
    );
    const expected = codes.map((code) => ({ code, status: ERROR_CODES[code].status }));
    expect(explained).toEqual(expect.arrayContaining(expected));
    expect(explained).toHaveLength(expected.length);
    expect(documentationUrl("PATCH_EMPTY")).toMatch(/docs\/reference\/errors\.md#patch_empty$/);
  });

  it("links only to files that exist", async () => {
    const pages = await findPages();
    const missing: string[] = [];
    for (const page of pages) {
      const text = await readFile(page, "utf8");
      for (const [, target] of text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)) {
        const path = join(dirname(page), target as string);
        await access(path).catch(() => missing.push(`${page}: ${target}`));
      }
    }
    expect(pages.length).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });
});

async function findPages(): Promise<string[]> {
  const folders = ["docs", "packages", "examples", "benchmarks"];
  const found = await Promise.all(folders.map((folder) => findBelow(join(root, folder))));
  return [
    ...found.flat(),
    ...["README.md", "SECURITY.md", "CONTRIBUTING.md"].map((name) => join(root, name)),
  ];
}

async function findBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return entry.name.endsWith(".md") ? [path] : [];
    const isOurs = entry.isDirectory() && !["node_modules", "dist"].includes(entry.name);
    return isOurs ? findBelow(path) : [];
  });
  return (await Promise.all(found)).flat();
}
