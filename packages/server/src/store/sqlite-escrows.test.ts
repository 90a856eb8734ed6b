import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import type { DatabaseStore } from "./assemble.js";
import { testEscrowRaces } from "./conformance/escrow-races.js";
import { createMasterKey } from "./conformance/fixture.js";
import { createSqliteStore } from "./sqlite.js";

const folder = mkdtempSync(join(tmpdir(), "holdpoint-escrows-"));
let store: DatabaseStore;
beforeAll(async () => {
  const path = join(folder, "escrows.db");
  store = await createSqliteStore({ storage: { path }, masterKeys: [createMasterKey()] });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

describe("races for an escrow in a file", () => testEscrowRaces(() => [store]));
