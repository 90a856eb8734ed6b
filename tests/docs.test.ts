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
  const found = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(join(root, folder), { recursive: true });
      return names
        .filter((name) => name.endsWith(".md") && !/(^|\/)(node_modules|dist)\//.test(name))
        .map((name) => join(root, folder, name));
    }),
  );
  return [
    ...found.flat(),
    ...["README.md", "SECURITY.md", "CONTRIBUTING.md"].map((name) => join(root, name)),
  ];
}
