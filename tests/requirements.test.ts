import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { REQUIREMENTS } from "./requirements.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const ids = REQUIREMENTS.map(({ id }) => id);

/** The ids that titles of tests begin with, and where. */
async function collectCitations(): Promise<Map<string, string[]>> {
  const citations = new Map<string, string[]>();
  for (const file of await findTests()) {
    const text = await readFile(join(root, file), "utf8");
    // The first argument of a call, beginning with one or more ids: "[G1] [G4] says no".
    for (const [, tags] of text.matchAll(/\(\s*["'`]((?:\[[A-Z][A-Z0-9-]*\] ?)+)/g)) {
      for (const [, id] of (tags as string).matchAll(/\[([A-Z0-9-]+)\]/g)) {
        citations.set(id as string, [...(citations.get(id as string) ?? []), file]);
      }
    }
  }
  return citations;
}

async function findTests(): Promise<string[]> {
  const folders = ["packages", "tests", "examples"];
  const found = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(join(root, folder), { recursive: true });
      return names.map((name) => `${folder}/${name}`);
    }),
  );
  return found
    .flat()
    .filter((name) => /\.test\.tsx?$/.test(name) && !/\/(node_modules|dist)\//.test(name));
}

describe("requirements", async () => {
  const citations = await collectCitations();

  test.each(REQUIREMENTS)("$id has a test that cites it: $sentence", ({ id }) => {
    expect(citations.get(id) ?? []).not.toEqual([]);
  });

  test("no test cites an id that is not there", () => {
    expect([...citations.keys()].filter((id) => !ids.includes(id))).toEqual([]);
  });

  test("every id is there once, and its source exists", async () => {
    expect(new Set(ids).size).toBe(ids.length);
    for (const { source } of REQUIREMENTS) {
      expect(await readFile(join(root, source), "utf8")).not.toBe("");
    }
  });
});
