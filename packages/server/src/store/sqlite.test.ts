import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createMasterKey } from "./conformance/fixture.js";
import { testStore } from "./conformance.js";
import { createSqliteStore } from "./sqlite.js";

const folder = mkdtempSync(join(tmpdir(), "holdpoint-store-"));
afterAll(() => rmSync(folder, { recursive: true }));
let databases = 0;

testStore("SQLite in a file", () => {
  databases += 1;
  const path = join(folder, `${databases}.db`);
  return createSqliteStore({ storage: { path }, masterKeys: [createMasterKey()] });
});

testStore("SQLite in memory", () =>
  createSqliteStore({ storage: { memory: true }, masterKeys: [createMasterKey()] }),
);
